import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Commit } from '@duban/application';
import { bytesValue, type Item, itemBytes, numberValue, textValue } from './attributes.ts';
import { commitHash } from './hash-chain.ts';
import { blobKey, CLAIM_KEY, claimKey, commitKey, HEAD_KEY, streamKey, wakeShardOf } from './keys.ts';
import { packJson } from './packed-json.ts';

/** The service's own limits. */
const MAX_ITEM_BYTES = 400 * 1024;
const MAX_TRANSACTION_ACTIONS = 100;
/** 4 MB, less what the service may count differently. */
const MAX_TRANSACTION_BYTES = 3_900_000;

/** Transaction writes cost 2 units for each begun kB: JSON is stored as it is exactly when it fits into the row's first. */
const CHEAPEST_ROW_BYTES = 1024;

const IS_NEW = 'attribute_not_exists(pk)';
const HEAD_IS_AS_READ = '#version = :version AND #hash = :hash';
const HEAD_NAMES = { '#version': 'version', '#hash': 'hash' };

export interface PlanConfig {
  readonly tableName: string;
  readonly wakeShards: number;
  readonly schema: (type: Commit['ref']['type']) => number;
}

/** One commit as the actions of a transaction: commit row, head, claims, the rest; in this order. */
export interface PlannedCommit {
  /** Place in the caller's list. */
  readonly index: number;
  readonly actions: readonly TransactWriteItem[];
  /** Keys of the claims; their actions begin at 2. */
  readonly claims: readonly string[];
  /** Row keys beyond the stream's own: no two may meet in one transaction. */
  readonly sharedKeys: readonly string[];
  readonly commitRowKey: Item;
  readonly bytes: number;
  readonly version: number;
  readonly hash: string;
}

export type Plan = PlannedCommit | { readonly index: number; readonly rejected: string };

/** Builds the rows of a commit. A commit that no transaction could ever hold is rejected here, before it costs its neighbours a turn. */
export function planCommit(commit: Commit, index: number, config: PlanConfig): Plan {
  try {
    const planned = buildCommit(commit, index, config);
    if (planned.actions.length > MAX_TRANSACTION_ACTIONS) return { index, rejected: 'too many rows' };
    if (planned.bytes > MAX_TRANSACTION_BYTES) return { index, rejected: 'transaction too large' };
    const tooLarge = planned.actions.some((action) => itemBytes(action.Put?.Item ?? {}) > MAX_ITEM_BYTES);
    return tooLarge ? { index, rejected: 'row too large' } : planned;
  } catch (error) {
    // BigInt, cycles, malformed keys: JSON.stringify and streamKey say so by throwing.
    if (error instanceof TypeError || error instanceof RangeError)
      return { index, rejected: `malformed: ${error.message}` };
    throw error;
  }
}

function buildCommit(commit: Commit, index: number, config: PlanConfig): PlannedCommit {
  if (commit.events.length === 0) throw new RangeError('no events');
  if (commit.nextWakeAt !== null && !Number.isSafeInteger(commit.nextWakeAt)) throw new RangeError('nextWakeAt');
  const pk = streamKey(commit.ref);
  const firstVersion = commit.expectedVersion + 1;
  const version = commit.expectedVersion + commit.events.length;
  const eventsText = JSON.stringify(commit.events);
  const schema = config.schema(commit.ref.type);
  const { ref, meta, expectedHash: previousHash } = commit;
  const hash = commitHash({ ref, firstVersion, schema, meta, eventsText, previousHash });

  const commitRow = withJson('events', eventsText, {
    pk: textValue(pk),
    sk: textValue(commitKey(firstVersion)),
    schema: numberValue(schema),
    at: numberValue(meta.at),
    actor: textValue(meta.actor),
    correlationId: textValue(meta.correlationId),
    ...(previousHash === null ? {} : { previousHash: textValue(previousHash) }),
    hash: textValue(hash),
  });
  const head = headRow(commit, pk, version, hash, config.wakeShards);
  const claims = (commit.claims ?? []).map((claim) => claimRow(ref.jurisdiction, claim));
  const others = blobRows(commit, pk);
  return {
    index,
    actions: [
      put(config.tableName, commitRow, { ConditionExpression: IS_NEW }),
      put(config.tableName, head, headCondition(commit)),
      ...claims.map((row) => put(config.tableName, row, { ConditionExpression: IS_NEW })),
      ...others.map((row) => put(config.tableName, row, {})),
    ],
    claims: (commit.claims ?? []).map((claim) => claim.key),
    sharedKeys: claims.map((row) => String(row.pk?.S)),
    commitRowKey: { pk: commitRow.pk as Item[string], sk: commitRow.sk as Item[string] },
    bytes: [commitRow, head, ...claims, ...others].reduce((sum, row) => sum + itemBytes(row), 0),
    version,
    hash,
  };
}

function headRow(commit: Commit, pk: string, version: number, hash: string, wakeShards: number): Item {
  const wake: Item =
    commit.nextWakeAt === null
      ? {}
      : { wakeShard: textValue(wakeShardOf(commit.ref.id, wakeShards)), nextWakeAt: numberValue(commit.nextWakeAt) };
  return withJson('state', JSON.stringify(commit.state), {
    pk: textValue(pk),
    sk: textValue(HEAD_KEY),
    version: numberValue(version),
    hash: textValue(hash),
    ...wake,
  });
}

function withJson(name: string, json: string, row: Item): Item {
  return { ...row, ...packJson(name, json, CHEAPEST_ROW_BYTES - itemBytes(row) - name.length) };
}

function headCondition(commit: Commit) {
  if (commit.expectedVersion === 0) return { ConditionExpression: IS_NEW };
  return {
    ConditionExpression: HEAD_IS_AS_READ,
    ExpressionAttributeNames: HEAD_NAMES,
    ExpressionAttributeValues: {
      ':version': numberValue(commit.expectedVersion),
      ':hash': textValue(commit.expectedHash ?? ''),
    },
  };
}

export function claimRow(jurisdiction: string, claim: NonNullable<Commit['claims']>[number]): Item {
  return {
    pk: textValue(claimKey(jurisdiction, claim.key)),
    sk: textValue(CLAIM_KEY),
    value: textValue(JSON.stringify(claim.value ?? null)),
    // Time to live is counted in seconds by the service.
    ...(claim.expiresAt === null ? {} : { expiresAt: numberValue(Math.ceil(claim.expiresAt / 1000)) }),
  };
}

function blobRows(commit: Commit, pk: string): Item[] {
  const rows = commit.blobs ?? [];
  return rows.map(({ name, data }) => ({ pk: textValue(pk), sk: textValue(blobKey(name)), data: bytesValue(data) }));
}

function put(TableName: string, Item: Item, condition: object): TransactWriteItem {
  return { Put: { TableName, Item, ...condition } };
}

/** Fills transactions in order, up to the service's limits. Commits that share a row come into different ones. */
export function packTransactions(commits: readonly PlannedCommit[]): PlannedCommit[][] {
  const groups: PlannedCommit[][] = [];
  let group: PlannedCommit[] = [];
  let actions = 0;
  let bytes = 0;
  let shared = new Set<string>();
  for (const commit of commits) {
    const fits =
      actions + commit.actions.length <= MAX_TRANSACTION_ACTIONS &&
      bytes + commit.bytes <= MAX_TRANSACTION_BYTES &&
      !commit.sharedKeys.some((key) => shared.has(key));
    if (!fits && group.length > 0) {
      groups.push(group);
      [group, actions, bytes, shared] = [[], 0, 0, new Set()];
    }
    group.push(commit);
    actions += commit.actions.length;
    bytes += commit.bytes;
    for (const key of commit.sharedKeys) shared.add(key);
  }
  if (group.length > 0) groups.push(group);
  return groups;
}
