import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { processStat } from '../../lib/process-stat.ts';

/** A process and all that descend from it, without the branch of another. */
export function treeOf(root: number, except?: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? processStat(pid) : null;
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
  return treeOf(root, except).reduce((sum, pid) => {
    const stat = processStat(pid);
    return stat === null ? sum : sum + stat.own + stat.goneChildren;
  }, 0);
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
