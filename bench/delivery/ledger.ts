import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { codecs } from '@duban/contracts/stored/codecs';
import type { NoticesJoined } from '@duban/domain';
import { parseStreamRecord } from '@duban/dynamodb';
import { ledgerRows } from '../lib/ledger.ts';

/** What the ledger says of digests and deliveries. */
export interface LedgerCount {
  /** Notices in digests of the planted units: notice and mailbox. */
  readonly notices: ReadonlySet<string>;
  readonly digests: number;
  /** Events of deliveries by type. */
  readonly events: Readonly<Record<string, number>>;
  /** Deliveries by status. */
  readonly statuses: Readonly<Record<string, number>>;
}

const MINE = 'unit:bench-';

export async function countLedger(client: DynamoDBClient, tableName: string): Promise<LedgerCount> {
  const notices = new Set<string>();
  const digests = new Set<string>();
  const events: Record<string, number> = {};
  const statuses: Record<string, number> = {};
  const count = (counts: Record<string, number>, name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  for await (const NewImage of ledgerRows(client, tableName)) {
    const key = NewImage.pk?.S ?? '';
    const isDelivery = key.includes('#delivery#');
    if (!isDelivery && !key.includes('#digest#')) continue;
    const change = parseStreamRecord({ dynamodb: { NewImage } }, codecs);
    if (change?.kind === 'head' && isDelivery) count(statuses, (change.head.state as { status: string }).status);
    if (change?.kind !== 'commit') continue;
    for (const { event } of change.events) {
      if (isDelivery) count(events, event.type);
      else if (event.type === 'NoticesJoined') joined(event as NoticesJoined);
    }
  }
  function joined({ mailbox, digestId, notices: some }: NoticesJoined): void {
    if (!mailbox.startsWith(MINE)) return;
    digests.add(digestId);
    for (const { id } of some) notices.add(`${id} ${mailbox}`);
  }
  return { notices, digests: digests.size, events, statuses };
}
