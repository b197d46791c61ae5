import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const OLDEST_JAVA = 17;
const ADVICE = 'apt-get install openjdk-17-jre-headless, or https://adoptium.net';

/** Thrown when DynamoDB Local cannot run here; its message is one sentence fit to be shown as it is. */
export class JavaMissingError extends Error {
  override readonly name = 'JavaMissingError';
}

/** The Java to run: that of JAVA_HOME when it has one, else the one on PATH. */
export function javaCommand(env: NodeJS.ProcessEnv = process.env): string {
  const fromHome = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', process.platform === 'win32' ? 'java.exe' : 'java') : '';
  return fromHome && existsSync(fromHome) ? fromHome : 'java';
}

/** The feature version in what `java -version` prints (17 for "17.0.15", 8 for "1.8.0_392"); null when it is not there. */
export function parseJavaVersion(printed: string): number | null {
  const found = /version "(?:1\.)?(\d+)/.exec(printed);
  return found ? Number(found[1]) : null;
}

/**
 * Makes sure that `command` is a Java that can run DynamoDB Local.
 *
 * @throws JavaMissingError when it is absent or older than 17.
 */
export async function requireJava(command: string): Promise<void> {
  const printed = await promisify(execFile)(command, ['-version']).then(
    ({ stdout, stderr }) => stdout + stderr,
    () => null,
  );
  const version = printed === null ? null : parseJavaVersion(printed);
  if (version === null) {
    throw new JavaMissingError(`Java ${OLDEST_JAVA} or newer is needed for DynamoDB Local: ${ADVICE}`);
  }
  if (version < OLDEST_JAVA) {
    throw new JavaMissingError(
      `Java ${OLDEST_JAVA} or newer is needed for DynamoDB Local, and this one is ${version}: ${ADVICE}`,
    );
  }
}
