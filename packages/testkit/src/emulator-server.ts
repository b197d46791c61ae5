import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something that runs beside the tests. */
export interface Emulator {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Tests run in processes of their own, and the emulators in the one that started them: this is how a test asks for
 * one. `GET /name` answers its endpoint as text, starting it at the first asking, or 500 with the reason as text;
 * `GET /name/mine` one that nobody else has, which `DELETE /name/mine` stops.
 */
export async function serveEmulators(
  starters: Readonly<Record<string, () => Promise<Emulator>>>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const running = new Map<string, Promise<Emulator>>();
  const ask = (path: string): Promise<Emulator> => {
    const [name = ''] = path.split('/');
    const start = starters[name];
    if (!start) return Promise.reject(new Error(`there is no emulator ${name}`));
    const emulator = running.get(path) ?? start();
    running.set(path, emulator);
    return emulator;
  };
  const end = async (path: string): Promise<Emulator> => {
    const emulator = await ask(path);
    running.delete(path);
    await emulator.stop();
    return emulator;
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1);
    (request.method === 'DELETE' ? end(path) : ask(path)).then(
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
