import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts a process's time in these, whatever its kernel's own tick is. */
const TICKS_PER_SECOND = 100;

/** What /proc says of a process. */
interface Stat {
  readonly parent: number;
  /** CPU seconds of itself and of its children that are gone. */
  readonly seconds: number;
}

function statOf(pid: number): Stat | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks: fields are counted from behind it, the third being the first there.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    return { parent: Number(fields[1]), seconds: ticks / TICKS_PER_SECOND };
  } catch {
    return null;
  }
}

/** A process and all that descend from it, without the branch of another. */
export function treeOf(root: number, except?: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? statOf(pid) : null;
    if (stat !== null) children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid]);
  }
  const found: number[] = [];
  const visit = (pid: number): void => {
    if (pid === except) return;
    found.push(pid);
    for (const child of children.get(pid) ?? []) visit(child);
  };
  visit(root);
  return found;
}

/** CPU seconds of a process and its descendants, living and gone, without the branch of another. */
export function cpuSecondsOf(root: number, except?: number): number {
  return treeOf(root, except).reduce((sum, pid) => sum + (statOf(pid)?.seconds ?? 0), 0);
}

/** kill -9 of a process and all that descend from it. */
export function kill9Tree(root: number): void {
  for (const pid of treeOf(root)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // One that has ended with its parent is as dead as it should be.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** The ids of a system user when this process is root's, for servers that refuse to run as root; else nothing. */
export function userFor(name: string): User | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}

/** Starts a server whose words nobody reads. */
export function spawnServer(command: string, args: readonly string[], user: User | null): ChildProcess {
  return spawn(command, args, { ...user, stdio: 'ignore', cwd: '/' });
}
