import type { ChannelSender } from './delivery/message.ts';
import type {
  Clock,
  EventStore,
  Ids,
  Log,
  SnapshotCodec,
  StructureSource,
  ViewStore,
  WakeIndex,
  WakeQueue,
} from './ports.ts';
import type { Sealer } from './sealing.ts';

/** What the use cases stand on; put together once in each composition root. */
export interface Dependencies {
  readonly store: EventStore;
  readonly wakes: WakeIndex;
  readonly wakeQueue: WakeQueue;
  readonly structures: StructureSource;
  readonly snapshots: SnapshotCodec;
  readonly views: ViewStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly sealer: Sealer;
}

/** What sends notices needs beside that. */
export interface DeliveryDependencies extends Dependencies {
  readonly channels: ChannelSender;
  /** Where people open what a message tells of, without a slash at the end; null: messages have no links. */
  readonly linkBase: string | null;
}

/**
 * How far ahead the alarm clock looks (ms). Longer than its period of a minute, so that a tick that comes late still
 * finds everything in time; what is found twice is harmless.
 */
export const WAKE_HORIZON_MS = 75_000;
