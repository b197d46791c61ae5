import { codecs } from '@duban/contracts/stored/codecs';
import { createCheckpoint, createProjector, createReactor, pollStream } from '@duban/dynamodb';
import { inPortions } from './in-portions.ts';
import type { Parts } from './parts.ts';

/** Views and digests let a storm of escalations pass first, but wait for it no longer than this between two batches (ms). */
const YIELD_AT_MOST_MS = 500;
/** And views let attempts at deliveries pass, which write three versions each of what they then show once (ms). */
const YIELD_TO_DELIVERIES_AT_MOST_MS = 3_000;
/** Digests let whoever asks pass, for so long between two batches (ms). */
const YIELD_TO_REQUESTS_AT_MOST_MS = 250;
/**
 * A storm's views are hundreds of transactions, and whoever asks meanwhile would wait for all of them: requests go before each
 * portion, for so long (ms). After 250 they had still not caught up half a minute later, and were sent away as in an overload.
 */
const VIEWS_YIELD_TO_REQUESTS_AT_MOST_MS = 2_000;
const YIELD_STEP_MS = 25;
/** Between two looks that find nothing (ms): half as often as the default halves what an idle cloud costs. */
const LOOK_EVERY_MS = 100;

export interface LedgerFollowers {
  /** Resolves when views and digests have followed everything written so far. */
  settle(): Promise<void>;
  readonly finished: Promise<void>;
}

/** How much there is to do that goes before. */
export interface Before {
  /** Wakes in hand: views and digests wait a moment. */
  readonly wakes: () => boolean;
  /** Deliveries in hand: views wait, which then see several versions of a delivery as one. */
  readonly deliveries: () => boolean;
  /** Requests that wait for their turn: views and digests of many aggregates let them pass now and then. */
  readonly requests: () => boolean;
}

/** The two readers of the ledger's stream: one brings the views up to date, one tells people. */
export function followLedger(parts: Parts, before: Before, signal: AbortSignal): LedgerFollowers {
  const { deps, client, streams, tables } = parts;
  const yieldTo = async (busy: () => boolean, atMostMs = YIELD_AT_MOST_MS) => {
    for (let waited = 0; busy() && waited < atMostMs; waited += YIELD_STEP_MS) {
      await new Promise((resolve) => setTimeout(resolve, YIELD_STEP_MS));
    }
  };
  const follow = (name: string, goFirst: () => Promise<void>, handle: ReturnType<typeof createProjector>) =>
    pollStream({
      client: streams,
      tableName: tables.ledger,
      checkpoint: createCheckpoint({ client, tableName: tables.views, name }),
      onBatch: async (records) => {
        await goFirst();
        await handle(records);
      },
      signal,
      intervalMs: LOOK_EVERY_MS,
      onError: (error) =>
        deps.log.warn('stream.failed', { reader: name, fault: error instanceof Error ? error.name : 'unknown' }),
    });
  const views = inPortions(deps.views, () => yieldTo(before.requests, VIEWS_YIELD_TO_REQUESTS_AT_MOST_MS));
  const readers = [
    follow(
      'project',
      async () => {
        await yieldTo(before.wakes);
        await yieldTo(before.deliveries, YIELD_TO_DELIVERIES_AT_MOST_MS);
      },
      createProjector({ ...deps, views }, codecs),
    ),
    follow(
      'react',
      async () => {
        await yieldTo(before.wakes);
        await yieldTo(before.requests, YIELD_TO_REQUESTS_AT_MOST_MS);
      },
      createReactor(deps, codecs),
    ),
  ];
  return {
    settle: async () => {
      // Reacting appends to the ledger, and what it appends is projected in the second round.
      for (let round = 0; round < 2; round += 1) await Promise.all(readers.map((reader) => reader.drained()));
    },
    finished: Promise.all(readers.map((reader) => reader.finished)).then(() => undefined),
  };
}
