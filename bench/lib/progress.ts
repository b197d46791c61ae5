/** Progress goes to stderr, so that stdout holds the result alone. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
