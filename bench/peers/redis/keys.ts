export const QUEUE = 'deadlines';
/** How many items have had their first step, whoever asks. */
export const HANDLED = 'handled';

/** Lock and look are shorter than the defaults of half a minute each, and a thousand times what a job takes. */
export const RECOVERY = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 100 } as const;

export interface DeadlineJob {
  readonly id: string;
  readonly step: number;
}

export const itemKey = (id: string): string => `item:${id}`;
export const eventsKey = (id: string): string => `events:${id}`;
export const noticesKey = (id: string): string => `notices:${id}`;

/** The same deadline is the same job: adding it again changes nothing. */
export function jobOf({ id, step }: DeadlineJob, dueAt: number, now: number) {
  return {
    name: 'deadline',
    data: { id, step } satisfies DeadlineJob,
    opts: { jobId: `${id}-${step}`, timestamp: now, delay: Math.max(0, dueAt - now), removeOnComplete: true },
  };
}
