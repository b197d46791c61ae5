import { randomUUID } from 'node:crypto';
import { type CancellationReason, type DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { CommitOutcome } from '@duban/application';
import { batchGet } from './batch-get.ts';
import type { PlannedCommit } from './commit-plan.ts';
import { backOff } from './concurrency.ts';

/** Turns a commit gets when others hold its rows, or the service gives no clear answer. */
const TURNS = 5;

const CONTENDED = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);
/** Errors no second attempt can cure. */
const HOPELESS = new Set([
  'ResourceNotFoundException',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'CredentialsProviderError',
]);

export interface GroupCommitContext {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly settle: (commit: PlannedCommit, outcome: CommitOutcome) => void;
}

type Answer =
  | { readonly kind: 'written' }
  | { readonly kind: 'cancelled'; readonly reasons: readonly CancellationReason[] }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * Writes a group in one transaction and settles every commit of it. Those a cancelled transaction names get their
 * outcome; the others go on without them.
 * @throws the service's error when it stays out of reach; what is not settled then may or may not have happened.
 */
export async function commitGroup(
  group: readonly PlannedCommit[],
  context: GroupCommitContext,
  turn = 0,
): Promise<void> {
  if (group.length === 0) return;
  const answer = await writeGroup(group, context);
  switch (answer.kind) {
    case 'written':
      for (const commit of group) context.settle(commit, committed(commit));
      return;
    case 'invalid':
      return splitInvalid(group, answer.reason, context, turn);
    case 'cancelled':
      return sortCancelled(group, answer.reasons, context, turn);
  }
}

/**
 * After a lost answer (timeout, reset, 500) the same transaction is simply written again: if the first attempt took
 * effect, the conditions fail now and `settleRefused` recognises our own rows.
 */
async function writeGroup(group: readonly PlannedCommit[], context: GroupCommitContext): Promise<Answer> {
  const TransactItems = group.flatMap((commit) => commit.actions);
  for (let attempt = 0; ; attempt += 1) {
    try {
      await context.client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: randomUUID() }));
      return { kind: 'written' };
    } catch (error) {
      const answer = answerOf(error);
      if (answer !== null) return answer;
      if (attempt + 1 >= TURNS || HOPELESS.has((error as Error).name)) throw error;
      await backOff(attempt, 50);
    }
  }
}

function answerOf(error: unknown): Answer | null {
  if (!(error instanceof Error)) return null;
  if (error.name === 'ValidationException') return { kind: 'invalid', reason: error.message };
  const reasons = (error as { CancellationReasons?: CancellationReason[] }).CancellationReasons;
  return error.name === 'TransactionCanceledException' && reasons ? { kind: 'cancelled', reasons } : null;
}

/** The service refused the request as a whole without naming a row: halves find the one at fault. */
async function splitInvalid(
  group: readonly PlannedCommit[],
  reason: string,
  context: GroupCommitContext,
  turn: number,
): Promise<void> {
  const [only] = group;
  if (group.length === 1 && only) return context.settle(only, { status: 'rejected', reason });
  const middle = group.length >> 1;
  await commitGroup(group.slice(0, middle), context, turn);
  await commitGroup(group.slice(middle), context, turn);
}

async function sortCancelled(
  group: readonly PlannedCommit[],
  reasons: readonly CancellationReason[],
  context: GroupCommitContext,
  turn: number,
): Promise<void> {
  const refused: { commit: PlannedCommit; failed: readonly number[] }[] = [];
  const contended: PlannedCommit[] = [];
  const unnamed: PlannedCommit[] = [];
  let offset = 0;
  for (const commit of group) {
    const codes = commit.actions.map((_, index) => reasons[offset + index]?.Code ?? 'None');
    offset += commit.actions.length;
    const failed = codes.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));
    if (failed.length > 0) refused.push({ commit, failed });
    else if (codes.some((code) => CONTENDED.has(code))) contended.push(commit);
    else if (codes.every((code) => code === 'None')) unnamed.push(commit);
    else context.settle(commit, { status: 'rejected', reason: codes.find((code) => code !== 'None') ?? 'refused' });
  }
  const exhausted = turn + 1 >= TURNS;
  if (exhausted) refused.push(...[...contended, ...unnamed].map((commit) => ({ commit, failed: [] })));
  await settleRefused(refused, context);
  if (exhausted) return;
  // A transaction that names nobody (none refused, none contended) must not be repeated for ever.
  const nextTurn = unnamed.length === group.length ? turn + 1 : turn;
  await commitGroup(unnamed, context, nextTurn);
  if (contended.length === 0) return;
  await backOff(turn);
  await commitGroup(contended, context, turn + 1);
}

/** A condition that failed on rows we wrote ourselves, in an attempt whose answer was lost, is success. */
async function settleRefused(
  refused: readonly { commit: PlannedCommit; failed: readonly number[] }[],
  context: GroupCommitContext,
): Promise<void> {
  if (refused.length === 0) return;
  const keys = refused.map(({ commit }) => commit.commitRowKey);
  const options = { consistent: true, attributes: ['pk', 'sk', 'hash'] };
  const rows = await batchGet(context.client, context.tableName, keys, options);
  const hashes = new Map(rows.map((row) => [`${row.pk?.S} ${row.sk?.S}`, row.hash?.S]));
  for (const { commit, failed } of refused) {
    const { pk, sk } = commit.commitRowKey;
    if (hashes.get(`${pk?.S} ${sk?.S}`) === commit.hash) context.settle(commit, committed(commit));
    else context.settle(commit, refusal(commit, failed));
  }
}

function refusal(commit: PlannedCommit, failed: readonly number[]): CommitOutcome {
  const keys = commit.claims.filter((_, index) => failed.includes(index + 2));
  return keys.length > 0 ? { status: 'claimed', keys } : { status: 'conflict' };
}

function committed(commit: PlannedCommit): CommitOutcome {
  return { status: 'committed', version: commit.version, hash: commit.hash };
}
