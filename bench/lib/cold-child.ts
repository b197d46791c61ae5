/** Runs as a process of its own: imports a bundle, asks it what it is told to, prints the milliseconds that took. */
const [bundle = '', eventText = ''] = process.argv.slice(2);
// What the handler logs must not mix with the figures.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

const start = performance.now();
const { handler } = (await import(bundle)) as { handler: (event: unknown, context: unknown) => Promise<unknown> };
const importMs = performance.now() - start;
const answer = eventText === '' ? null : await handler(JSON.parse(eventText), { awsRequestId: 'bench' });
const answeredMs = performance.now() - start;
const { statusCode = null } = (answer ?? {}) as { statusCode?: number };
print(JSON.stringify({ importMs, answeredMs, statusCode }), () => process.exit(0));
