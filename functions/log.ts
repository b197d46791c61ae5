import type { Log } from '@duban/application';

/** One JSON object a line; what is logged is decided where it is logged: ids, counts and codes, no text of people's. */
export const log: Log = {
  info: (message, fields) => write('info', message, fields),
  warn: (message, fields) => write('warn', message, fields),
  error: (message, fields) => write('error', message, fields),
};

function write(level: string, message: string, fields: Parameters<Log['info']>[1]): void {
  process.stdout.write(`${JSON.stringify({ level, message, at: new Date().toISOString(), ...fields })}\n`);
}
