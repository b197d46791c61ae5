export type { CapacityHook, CapacityUnits } from './capacity.ts';
export { type Checkpoint, createCheckpoint, type StreamPosition } from './checkpoint.ts';
export { createDynamoClient, createStreamsClient, type DynamoClientOptions } from './client.ts';
export { createEventStore, type EventStoreOptions } from './event-store.ts';
export { DEFAULT_WAKE_SHARDS } from './keys.ts';
export { BackupError, exportLedger, type RestoredLedger, restoreLedger } from './ledger-backup.ts';
export { type PollStreamOptions, pollStream, type StreamPoller } from './stream.ts';
export { handleStreamBatch, type StreamBatchResponse } from './stream-batch.ts';
export { createProjector, createReactor, type StreamHandler } from './stream-handler.ts';
export { readStreamRange, type StreamRange } from './stream-range.ts';
export { type LedgerChange, parseStreamRecord, type StreamRecord } from './stream-records.ts';
export {
  createTables,
  ledgerTable,
  type TableNames,
  TIME_TO_LIVE_ATTRIBUTE,
  tableNames,
  viewsTable,
  WAKE_INDEX,
} from './tables.ts';
export { dumpViews } from './view-dump.ts';
export { createViewStore, type ViewStoreOptions } from './view-store.ts';
export { ViewApplyError } from './view-writer.ts';
export { createWakeIndex, type WakeIndexOptions } from './wake-index.ts';
