/** Keeps secrets and addresses so that whoever reads the tables does not have them. */
export interface Sealer {
  /** @param purpose what it is sealed for; it opens for nothing else */
  seal(text: string, purpose: string): Promise<string>;
  /** Null for what was altered, was sealed for something else, or with a key that is no longer there. */
  open(sealed: string, purpose: string): Promise<string | null>;
  /** The same for the same text and purpose, and tells nothing of it to whoever lacks the key (hex). */
  fingerprint(text: string, purpose: string): Promise<string>;
}
