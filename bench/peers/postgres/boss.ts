import type { NextDeadline } from './items-table.ts';

export const QUEUE = 'deadlines';

/**
 * Jobs that a killed worker held come again when they have expired and the supervisor has looked: ten and five seconds.
 * Shorter than the defaults of a quarter of an hour and a minute, and a hundred times what a batch takes.
 */
export const EXPIRY = { expireInSeconds: 10, retryLimit: 100, retryDelay: 0 } as const;
export const SUPERVISION = { superviseIntervalSeconds: 5, monitorIntervalSeconds: 5 } as const;

export interface DeadlineJob {
  readonly id: string;
  readonly step: number;
}

export function jobOf({ id, step, dueAt }: NextDeadline) {
  return { data: { id, step } satisfies DeadlineJob, startAfter: new Date(dueAt) };
}
