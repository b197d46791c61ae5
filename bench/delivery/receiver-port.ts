import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type Order =
  | { readonly do: 'behave'; readonly failing: number; readonly away: boolean }
  | { readonly do: 'tally' };

/** What the receiver saw. */
export interface Tally {
  requests: number;
  /** Times a message was taken in, by its id. */
  arrived: Record<string, number>;
  /** Messages that brought a notice to a mailbox. */
  notices: Record<string, number>;
  /** Messages that came a second time with another content. */
  altered: number;
  refused: number;
  cut: number;
  /** When the first message for a path was taken in (epoch ms). */
  firstAt: Record<string, number>;
}

export interface ReceiverProcess {
  readonly url: string;
  behave(failing: number, away: boolean): Promise<void>;
  tally(): Promise<Tally>;
  stop(): void;
}

/** Starts the receiver as a process of its own, which ends with this one. */
export async function startReceiverProcess(): Promise<ReceiverProcess> {
  const child = fork(fileURLToPath(new URL('./receiver.ts', import.meta.url)), { serialization: 'advanced' });
  const [{ url }] = (await once(child, 'message')) as [{ readonly url: string }];
  let last: Promise<unknown> = Promise.resolve();
  /** One order after the other: answers come in that order. */
  const ask = <T>(order: Order): Promise<T> => {
    const asked = last.then(async () => {
      child.send(order);
      const [answer] = (await once(child, 'message')) as [T];
      return answer;
    });
    last = asked.catch(() => undefined);
    return asked;
  };
  return {
    url,
    behave: async (failing, away) => void (await ask({ do: 'behave', failing, away })),
    tally: () => ask<Tally>({ do: 'tally' }),
    stop: () => child.disconnect(),
  };
}
