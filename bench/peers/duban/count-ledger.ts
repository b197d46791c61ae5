import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { codecs } from '@duban/contracts/stored/codecs';
import type { NoticesJoined } from '@duban/domain';
import { parseStreamRecord } from '@duban/dynamodb';
import { escalatedOf, ledgerRows } from '../../lib/ledger.ts';
import type { Effects } from '../lib/contender.ts';

/**
 * What the ledger holds of tasks whose limit has passed: `LimitMissed` and `Escalated` once, a next wake, and the
 * escalation's notice in a digest, once a mailbox.
 */
export async function countLedger(
  client: DynamoDBClient,
  tableName: string,
  due: ReadonlyMap<string, number>,
): Promise<Effects> {
  const { lost, duplicates } = await escalatedOf(client, tableName, codecs, due);
  const told = new Set<string>();
  const waiting = new Set<string>();
  const notices = new Set<string>();
  let twice = 0;
  for await (const NewImage of ledgerRows(client, tableName)) {
    const key = NewImage.pk?.S ?? '';
    if (NewImage.sk?.S === 'head' && NewImage.nextWakeAt !== undefined)
      waiting.add(key.slice(key.lastIndexOf('#') + 1));
    if (!key.includes('#digest#')) continue;
    const change = parseStreamRecord({ dynamodb: { NewImage } }, codecs);
    for (const { event } of change?.kind === 'commit' ? change.events : []) {
      if (event.type === 'NoticesJoined') join(event as NoticesJoined);
    }
  }
  function join({ mailbox, notices: some }: NoticesJoined): void {
    for (const { id, itemId, kind } of some) {
      if (kind !== 'escalation' || !due.has(itemId)) continue;
      if (notices.has(`${id} ${mailbox}`)) twice += 1;
      notices.add(`${id} ${mailbox}`);
      told.add(itemId);
    }
  }
  const forgotten = [...due.keys()].filter((id) => !told.has(id) || !waiting.has(id));
  return { lost: Math.max(lost, forgotten.length), doubled: duplicates + twice };
}
