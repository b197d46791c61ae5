import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, type TransactWriteItem, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Projection } from '@duban/application';
import { type Item, numberValue, textValue } from './attributes.ts';
import { batchGet } from './batch-get.ts';
import { backOff } from './concurrency.ts';
import { addDeltas, type Deltas, type EntryAction, MAX_ACTIONS, stepsTo, type ViewStep } from './view-diff.ts';
import {
  bucketAttribute,
  counterPartition,
  documentItem,
  documentKey,
  listPartition,
  parseDocument,
} from './view-rows.ts';

/** Rounds a call goes on while rivals or faults keep it from writing. */
const ROUNDS = 20;
/** Faults of the service itself that a call puts up with. */
const FAULTS = 3;

/** Some projections can never be stored; all others of the call were. */
export class ViewApplyError extends Error {
  override readonly name = 'ViewApplyError';
  readonly ids: readonly string[];

  constructor(failures: ReadonlyMap<string, unknown>) {
    super(`Views could not take ${failures.size} projections`, { cause: [...failures.values()][0] });
    this.ids = [...failures.keys()];
  }
}

interface Change {
  readonly projection: Projection;
  readonly key: Item;
  /** Null when there is no document yet. */
  readonly storedRevision: number | null;
  readonly steps: readonly ViewStep[];
}

/** Writes projections into the rows of one generation. */
export class ViewWriter {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #generation: number;

  constructor(client: DynamoDBClient, tableName: string, generation: number) {
    this.#client = client;
    this.#tableName = tableName;
    this.#generation = generation;
  }

  /**
   * Brings the documents to at least these versions.
   * @returns how many of them changed
   * @throws ViewApplyError after all others were written
   */
  async apply(projections: readonly Projection[]): Promise<number> {
    let waiting = newestOfEach(projections);
    let changed = 0;
    let faults = 0;
    const failures = new Map<string, unknown>();
    /** Met in a group that was refused without naming a row: written one by one from then on. */
    const suspects = new Set<Projection>();
    for (let round = 0; waiting.length > 0; round += 1) {
      if (round > 0) await backOff(Math.min(round, 5));
      const changes = await this.#plan(waiting, failures);
      waiting = [];
      // One after another: they move the same counters, and concurrent ones would cancel each other.
      for (const group of groupChanges(changes, suspects)) {
        const error = await this.#write(group);
        if (error === null) {
          changed += group.length;
          continue;
        }
        const [first] = group;
        if (isRefusal(error) && group.length === 1 && first) {
          failures.set(first.projection.id, error);
          continue;
        }
        if (isRefusal(error)) for (const { projection } of group) suspects.add(projection);
        else if (!isCancellation(error)) faults += 1;
        if (faults >= FAULTS || round + 1 >= ROUNDS) throw error;
        waiting.push(...group.map(({ projection }) => projection));
      }
    }
    if (failures.size > 0) throw new ViewApplyError(failures);
    return changed;
  }

  /** Reads the documents and works out what to do about those that are older than their projection. */
  async #plan(projections: readonly Projection[], failures: Map<string, unknown>): Promise<Change[]> {
    const keys = projections.map(({ jurisdiction, id }) => documentKey(this.#generation, jurisdiction, id));
    const rows = await batchGet(this.#client, this.#tableName, keys, { consistent: true });
    const byKey = new Map(rows.map((row) => [row.pk?.S, row]));
    return projections.flatMap((projection, index): Change[] => {
      const key = keys[index] as Item;
      try {
        const row = byKey.get(key.pk?.S);
        const stored = row === undefined ? null : parseDocument(this.#tableName, row).document;
        if (stored !== null && stored.version >= projection.version) return [];
        return [{ projection, key, storedRevision: stored?.revision ?? null, steps: stepsTo(stored, projection) }];
      } catch (error) {
        failures.set(projection.id, error);
        return [];
      }
    });
  }

  /** Null when written; otherwise the service's error. After a lost answer the next round finds what was written. */
  async #write(group: readonly Change[]): Promise<Error | null> {
    const steps = Math.max(...group.map((change) => change.steps.length));
    try {
      for (let step = 0; step < steps; step += 1) {
        const TransactItems = this.#actions(group, step);
        await this.#client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: randomUUID() }));
      }
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #actions(group: readonly Change[], step: number): TransactWriteItem[] {
    const TableName = this.#tableName;
    const actions: TransactWriteItem[] = [];
    const deltas = new Map<string, Deltas>();
    for (const { projection, key, storedRevision, steps } of group) {
      const { document, entries, deltas: its } = steps[step] as ViewStep;
      const expected = step === 0 ? storedRevision : document.revision - 1;
      actions.push({ Put: { TableName, Item: documentItem(key, document), ...revisionIs(expected) } });
      for (const entry of entries) actions.push(this.#entryAction(projection.jurisdiction, entry));
      const sum = deltas.get(projection.jurisdiction) ?? new Map();
      addDeltas(sum, its);
      deltas.set(projection.jurisdiction, sum);
    }
    for (const [jurisdiction, scopes] of deltas) {
      for (const [scope, buckets] of scopes) actions.push(this.#counterAction(jurisdiction, scope, buckets));
    }
    return actions;
  }

  #entryAction(jurisdiction: string, action: EntryAction): TransactWriteItem {
    const TableName = this.#tableName;
    const { partition, sort } = action.kind === 'put' ? action.entry : action;
    const pk = textValue(listPartition(this.#generation, jurisdiction, partition));
    const Key = { pk, sk: textValue(sort) };
    if (action.kind === 'delete') return { Delete: { TableName, Key } };
    const { dataText } = action;
    return { Put: { TableName, Item: dataText === undefined ? Key : { ...Key, data: textValue(dataText) } } };
  }

  #counterAction(jurisdiction: string, scope: string, buckets: ReadonlyMap<string, number>): TransactWriteItem {
    const moved = [...buckets];
    return {
      Update: {
        TableName: this.#tableName,
        Key: { pk: textValue(counterPartition(this.#generation, jurisdiction)), sk: textValue(scope) },
        UpdateExpression: `ADD ${moved.map((_, index) => `#b${index} :d${index}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(
          moved.map(([bucket], index) => [`#b${index}`, bucketAttribute(bucket)]),
        ),
        ExpressionAttributeValues: Object.fromEntries(moved.map(([, by], index) => [`:d${index}`, numberValue(by)])),
      },
    };
  }
}

function revisionIs(revision: number | null) {
  if (revision === null) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: 'revision = :revision',
    ExpressionAttributeValues: { ':revision': numberValue(revision) },
  };
}

/** Of several projections of one aggregate the highest version. */
function newestOfEach(projections: readonly Projection[]): Projection[] {
  const newest = new Map<string, Projection>();
  for (const projection of projections) {
    const key = `${projection.jurisdiction}/${projection.id}`;
    if ((newest.get(key)?.version ?? -1) < projection.version) newest.set(key, projection);
  }
  return [...newest.values()];
}

/** Fills transactions in order; counters that several changes move count once. Large changes and suspects go alone. */
function groupChanges(changes: readonly Change[], suspects: ReadonlySet<Projection>): Change[][] {
  const groups: Change[][] = [];
  let group: Change[] = [];
  let rows = 0;
  let scopes = new Set<string>();
  const close = () => {
    if (group.length > 0) groups.push(group);
    [group, rows, scopes] = [[], 0, new Set()];
  };
  for (const change of changes) {
    const [step] = change.steps;
    if (change.steps.length > 1 || step === undefined || suspects.has(change.projection)) {
      groups.push([change]);
      continue;
    }
    const { jurisdiction } = change.projection;
    const its = [...step.deltas.keys()].map((scope) => `${jurisdiction}/${scope}`);
    const rowsAfter = () => rows + 1 + step.entries.length + new Set([...scopes, ...its]).size;
    if (rowsAfter() > MAX_ACTIONS) close();
    group.push(change);
    rows += 1 + step.entries.length;
    for (const scope of its) scopes.add(scope);
  }
  close();
  return groups;
}

/** A row of the transaction is not the service's kind: no repetition helps. */
function isRefusal(error: Error): boolean {
  if (error.name === 'ValidationException') return true;
  const reasons = (error as { CancellationReasons?: { Code?: string }[] }).CancellationReasons ?? [];
  return reasons.some(({ Code }) => Code === 'ValidationError');
}

function isCancellation(error: Error): boolean {
  return error.name === 'TransactionCanceledException';
}
