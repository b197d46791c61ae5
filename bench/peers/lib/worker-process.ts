import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WorkerMessage, WorkerRequest } from './tell-parent.ts';

/** A worker in a process of its own, which may be killed and started again. */
export class WorkerProcess {
  /** When each item was first told as committed. */
  readonly committed = new Map<string, number>();
  refused = 0;
  readonly #file: string;
  readonly #settings: string;
  #child: ChildProcess | null = null;
  #gone: Promise<void> = Promise.resolve();

  /** @param settings given to the worker as JSON */
  constructor(file: URL, settings: object) {
    this.#file = fileURLToPath(file);
    this.#settings = JSON.stringify(settings);
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('The worker has not been started.');
    return pid;
  }

  /** @throws Error when it ends before it is ready */
  async start(): Promise<void> {
    const child = fork(this.#file, [this.#settings], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child = child;
    this.#gone = new Promise((resolve) => child.once('close', () => resolve()));
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message: WorkerMessage) => {
        if (message.kind === 'ready') resolve();
        else if (message.kind === 'committed') this.#note(message);
      });
      child.once('close', (code) => reject(new Error(`The worker ${this.#file} ended with ${code}.`)));
    });
  }

  #note({ ids, at, refused }: Extract<WorkerMessage, { kind: 'committed' }>): void {
    this.refused += refused;
    for (const id of ids) if (!this.committed.has(id)) this.committed.set(id, at);
  }

  /** One question at a time. */
  ask<T>(request: WorkerRequest): Promise<T> {
    const child = this.#child;
    if (child === null) throw new Error('The worker has not been started.');
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`The worker ended while it was asked to ${request.ask}.`));
      const hear = (message: WorkerMessage) => {
        if (message.kind !== 'answer') return;
        child.off('message', hear).off('close', ended);
        resolve(message.value as T);
      };
      child.on('message', hear).once('close', ended);
      child.send(request);
    });
  }

  kill9(): void {
    this.#child?.kill('SIGKILL');
  }

  /** Resolves when a killed one is gone. */
  gone(): Promise<void> {
    return this.#gone;
  }

  async restart(): Promise<void> {
    await this.#gone;
    await this.start();
  }

  async stop(): Promise<void> {
    this.kill9();
    await this.#gone;
  }
}
