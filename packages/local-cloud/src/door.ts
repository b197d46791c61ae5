import { HttpProblem, languageOf, problemResponse } from '@duban/http-api';
import { type ServerType, serve } from '@hono/node-server';

export const HOST = '127.0.0.1';

const STARTING = new HttpProblem(
  'unavailable',
  { zh: '系统正在启动，请稍后重试。', en: 'Duban is starting; repeat the same request soon.' },
  [],
  { 'retry-after': '2' },
);

/** Listens at once, answers when there is something to answer with. */
export async function openDoor(port: number) {
  let fetch: (request: Request) => Response | Promise<Response> = (request) =>
    problemResponse(STARTING, languageOf(request.headers.get('accept-language')), 'starting');
  const server = await new Promise<ServerType>((resolve, reject) => {
    const opened = serve({ fetch: (request) => fetch(request), hostname: HOST, port }, () => resolve(opened));
    opened.once('error', reject);
  });
  return {
    answer: (handler: typeof fetch) => {
      fetch = handler;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
