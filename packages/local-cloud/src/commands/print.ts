import type { Log } from '@duban/application';

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function stderrLine(message: string, fields?: object): void {
  process.stderr.write(`${JSON.stringify({ message, ...fields })}\n`);
}

/** What a person at a terminal should see of the log: not each wake and notice. */
export const stderrLog: Log = { info: () => undefined, warn: stderrLine, error: stderrLine };
