/** Capacity units of `npm run bench -- --only units`, 2026-11-25; see docs/performance.md for how they are measured. */
export const UNITS = {
  command: { write: 4, read: 3 },
  wake: { write: 4, read: 2 },
  /** Into the lists of its units, once when it is assigned and after each event. */
  firstViews: { write: 52, read: 3 },
  views: { write: 18, read: 3 },
  digest: { write: 6, read: 2 },
  /** Of a digest of four notices by one channel: asked for, attempted once, shown in the channel's log. 2026-11-28. */
  delivery: { write: 16, read: 18 },
  readTask: { write: 0, read: 3 },
  list50: { write: 0, read: 37.5 },
  dashboard: { write: 0, read: 3 },
  inbox50: { write: 0, read: 40.5 },
  alarmClockTick: { write: 0, read: 4 },
} as const;

/** A changed instant is a row taken from the wake index and one put in, under 1 kB each. */
export const WAKE_INDEX_WRITE = 2;
/** Put in when it is asked for, moved when the attempt begins, taken out when it has arrived. */
export const DELIVERY_INDEX_WRITE = 4;

/**
 * What the functions take (ms) and are given (GB). Their medians in `npm run test:deploy` were api 18, wake 44, project 70,
 * react 13; taken higher, for Amazon's tables are farther away than those of one machine. What deliver takes
 * is assumed: it waits for other people's machines.
 */
export const FUNCTIONS = {
  api: { ms: 50, gb: 1769 / 1024 },
  wake: { ms: 100, gb: 1769 / 1024 },
  project: { ms: 80, gb: 1 },
  react: { ms: 50, gb: 1 },
  deliver: { ms: 300, gb: 1 },
  alarmClock: { ms: 60, gb: 0.5 },
} as const;
