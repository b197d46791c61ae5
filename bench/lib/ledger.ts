import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { CodecRegistry, RecordedEvent } from '@duban/application';
import type { Instant } from '@duban/calendar';
import type { Escalated as EscalatedEvent, LimitMissed } from '@duban/domain';
import { parseStreamRecord } from '@duban/dynamodb';
import type { Item } from '@duban/dynamodb/attributes';

/** Every row of the ledger table as it is stored. */
export async function* ledgerRows(client: DynamoDBClient, tableName: string): AsyncGenerator<Item> {
  for await (const page of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) {
    yield* page.Items ?? [];
  }
}

export interface Escalated {
  /** Recorded instant less due instant, of each first LimitMissed and Escalated (ms). */
  readonly lateness: readonly number[];
  readonly early: number;
  /** Tasks without their LimitMissed or without their Escalated. */
  readonly lost: number;
  /** Events beyond the first of each kind for one task. */
  readonly duplicates: number;
}

/** Counts from the ledger what became of tasks whose limit has passed. */
export async function escalatedOf(
  client: DynamoDBClient,
  tableName: string,
  codecs: CodecRegistry,
  due: ReadonlyMap<string, Instant>,
): Promise<Escalated> {
  const seen = new Set<string>();
  const lateness: number[] = [];
  let duplicates = 0;
  for await (const NewImage of ledgerRows(client, tableName)) {
    if (!NewImage.sk?.S?.startsWith('e#')) continue;
    const change = parseStreamRecord({ dynamodb: { NewImage } }, codecs);
    for (const recorded of change?.kind === 'commit' ? change.events : []) {
      const dueAt = due.get(recorded.ref.id);
      const event = dueAt === undefined ? null : missedOrEscalated(recorded);
      if (dueAt === undefined || event === null) continue;
      const key = `${recorded.ref.id} ${event.type}`;
      if (seen.has(key)) duplicates += 1;
      else lateness.push(event.at - dueAt);
      seen.add(key);
    }
  }
  const early = lateness.filter((ms) => ms < 0).length;
  const complete = [...due.keys()].filter((id) => seen.has(`${id} LimitMissed`) && seen.has(`${id} Escalated`));
  return { lateness, early, lost: due.size - complete.length, duplicates };
}

function missedOrEscalated({ event }: RecordedEvent): LimitMissed | EscalatedEvent | null {
  const known = event as LimitMissed | EscalatedEvent;
  return known.type === 'LimitMissed' || known.type === 'Escalated' ? known : null;
}
