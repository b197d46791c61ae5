import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something that runs beside the tests. */
export interface Emulator {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Tests run in processes of their own, and the emulators in the one that started them: this is how a test asks for
 * one. `GET /name` answers its endpoint as text, starting it at the first asking, or 500 with the reason as text.
 */
export async function serveEmulators(
  starters: Readonly<Record<string, () => Promise<Emulator>>>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const running = new Map<string, Promise<Emulator>>();
  const ask = (name: string): Promise<Emulator> => {
    const start = starters[name];
    if (!start) return Promise.reject(new Error(`there is no emulator ${name}`));
    const emulator = running.get(name) ?? start();
    running.set(name, emulator);
    return emulator;
  };
  const server = createServer((request, response) => {
    ask((request.url ?? '').slice(1)).then(
      ({ endpoint }) => response.end(endpoint),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      for (const emulator of await Promise.allSettled(running.values())) {
        if (emulator.status === 'fulfilled') await emulator.value.stop();
      }
    },
  };
}
