import { resolve } from 'node:path';
import { JURISDICTION } from './county.ts';
import { FolderInUseError, UnfinishedRestoreError } from './data-folder.ts';
import { JavaMissingError } from './emulators/index.ts';
import { startLocalCloud } from './local-cloud.ts';
import { OutboundSettingsError } from './outbound.ts';
import { welcome } from './welcome.ts';

const port = Number(process.env.PORT ?? 8787);
const dataDir = resolve(process.env.DUBAN_DATA ?? '.duban');

try {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new RangeError('PORT 应为 1 到 65535 的整数。 PORT is a whole number from 1 to 65535.');
  }
  const cloud = await startLocalCloud({ dataDir, port });
  const { calendar } = await cloud.deps.structures.current(JURISDICTION);
  process.stdout.write(welcome(cloud, calendar.format(wholeSecond(cloud.deps.clock.now()))));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void cloud.stop().then(() => process.exit(0)));
  }
} catch (error) {
  process.stderr.write(`${explained(error)}\n`);
  process.exit(1);
}

function wholeSecond(at: number): number {
  return at - (at % 1000);
}

/** What a person can mend is said in a sentence; anything else is shown as it is. */
function explained(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    return `端口 ${port} 已被占用，请用 PORT=8788 npm start 换一个。 Port ${port} is taken: choose another, PORT=8788 npm start.`;
  }
  const known = [FolderInUseError, UnfinishedRestoreError, JavaMissingError, OutboundSettingsError, RangeError];
  if (known.some((kind) => error instanceof kind)) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
