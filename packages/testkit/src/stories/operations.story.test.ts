import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { rebuildViews, taskRef } from '@duban/application';
import { handleWakeMessages, redrive } from '@duban/messaging';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CloudTestSystem, createCloudTestSystem } from '../system.ts';
import { ANQUAN, ISSUED } from './county.ts';

let system: CloudTestSystem;
beforeAll(async () => {
  system = await createCloudTestSystem({ now: Date.parse(ISSUED), bundle: 'luxi' });
});
afterAll(() => system.close());

const DUE = Date.parse('2023-09-01T00:00:00+08:00');
const wakeOf = (id: string) => ({ jurisdiction: '433122', type: 'task' as const, id, at: DUE });
const message = (...ids: string[]) => JSON.stringify({ v: 1, at: DUE, wakes: ids.map(wakeOf) });
const escalations = async (seq: number) => {
  const head = await system.deps.store.load(taskRef('433122', `task_${ANQUAN}-${seq}`));
  const { escalations: raised } = (head?.state ?? { escalations: [] }) as { escalations: readonly object[] };
  return raised.length;
};

describe('messages of the wake queue', () => {
  it('fail alone when they cannot be read, while their neighbours succeed; the same message twice is harmless', async () => {
    await system.advance(DUE - 1);
    system.clock.moveTo(DUE);
    const records = [
      { messageId: 'good', body: message(`task_${ANQUAN}-4`, `task_${ANQUAN}-9`) },
      { messageId: 'poison', body: '{"v":1,"wakes":"many"}' },
      { messageId: 'again', body: message(`task_${ANQUAN}-4`) },
    ];
    const { batchItemFailures } = await handleWakeMessages(system.deps, records);
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'poison' }]);
    expect([await escalations(4), await escalations(9)]).toEqual([1, 1]);
    expect((await handleWakeMessages(system.deps, records)).batchItemFailures).toEqual([{ itemIdentifier: 'poison' }]);
    expect([await escalations(4), await escalations(9)]).toEqual([1, 1]);
  });

  it('come back from the dead letters by redrive and are carried out', async () => {
    const { sqs, queues } = system;
    await sqs.send(
      new SendMessageCommand({ QueueUrl: queues.wakeDeadLetters, MessageBody: message(`task_${ANQUAN}-10`) }),
    );
    const moved = await redrive({ client: sqs, deadLetterUrl: queues.wakeDeadLetters, targetUrl: queues.wake });
    expect(moved).toEqual({ moved: 1, left: 0 });
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queues.wake, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    const records = Messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body }));
    await handleWakeMessages(system.deps, records);
    expect(await escalations(10)).toBe(1);
  });
});

describe('views', () => {
  it('rebuilt from the ledger equal those that followed it', async () => {
    await system.advance(Date.parse('2023-10-12T00:00:00+08:00'));
    const followed = await system.dumpViews();
    const { projected } = await rebuildViews(system.deps);
    expect(projected).toBeGreaterThan(50);
    expect(await system.dumpViews()).toEqual(followed);
  });
});

describe('hash chains', () => {
  it('of every task hold after a summer of wakes', async () => {
    for await (const head of system.deps.store.scanHeads(null)) {
      expect(await system.deps.store.verify(head.ref), head.ref.id).toMatchObject({ ok: true });
    }
  });
});
