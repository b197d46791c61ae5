/** Where a rule is written down. */
export interface SourceReference {
  /** 文号, or the name of a law or order. */
  readonly documentNumber: string;
  /** Lines of the gazette, first and last; null outside it. */
  readonly lines: readonly [from: number, to: number] | null;
}
