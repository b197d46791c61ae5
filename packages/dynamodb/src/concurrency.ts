/** Waits a random part of `baseMs · 2^attempt`, capped at one second, so that rivals do not meet again. */
export async function backOff(attempt: number, baseMs = 20): Promise<void> {
  const ceiling = Math.min(1000, baseMs * 2 ** attempt);
  await new Promise((resolve) => setTimeout(resolve, ceiling * (0.5 + Math.random() / 2)));
}
