import type { Instant } from '@duban/calendar';
import { type ExistingTask, isActive, type Limit } from '@duban/domain';
import type { ClockEffect, ClockEffects } from './types.ts';

const LISTED = 500;

/** Sums up what an import does to clocks, one task after another. */
export class ClockEffectSum {
  readonly #sum = { starts: 0, moves: 0, stops: 0, overdueAtOnce: 0 };
  readonly #items: ClockEffect[] = [];

  add(before: ExistingTask | null, after: ExistingTask, now: Instant): void {
    for (const effect of effectsOn(before, after, now)) {
      this.#sum[effect.effect] += 1;
      if (effect.overdueAtOnce) this.#sum.overdueAtOnce += 1;
      if (this.#items.length < LISTED) this.#items.push(effect);
    }
  }

  get result(): ClockEffects {
    return { ...this.#sum, items: this.#items };
  }
}

function effectsOn(before: ExistingTask | null, after: ExistingTask, now: Instant): readonly ClockEffect[] {
  const was = activeLimits(before);
  const is = activeLimits(after);
  const ids = [...new Set([...was.keys(), ...is.keys()])];
  return ids.flatMap((limitId): ClockEffect[] => {
    const [from, to] = [was.get(limitId)?.dueAt ?? null, is.get(limitId)?.dueAt ?? null];
    if (from === to) return [];
    const effect = from === null ? 'starts' : to === null ? 'stops' : 'moves';
    return [{ taskId: after.id, limitId, effect, before: from, after: to, overdueAtOnce: to !== null && to <= now }];
  });
}

function activeLimits(task: ExistingTask | null): ReadonlyMap<string, Limit> {
  return new Map((task?.limits ?? []).filter(isActive).map((limit) => [limit.id, limit]));
}
