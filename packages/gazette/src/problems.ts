export type Attempt = <T>(record: string, build: () => T) => T[];

/** Collects the fault of each record instead of stopping at the first. */
export function attempts(problems: string[]): Attempt {
  return (record, build) => {
    try {
      return [build()];
    } catch (error) {
      problems.push(`${record}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  };
}
