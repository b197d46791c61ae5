import { setTimeout as pause } from 'node:timers/promises';
import type { Draw } from '../draw.ts';
import { type Call, errorAnswer, type Outcome } from './call.ts';

/** Something that happens to a call on its way to a service or back. */
export interface Fault {
  /** Whether it can happen to this call at all. */
  concerns(call: Call): boolean;
  /** @param draw the proxy's seeded numbers */
  meet(call: Call, draw: Draw): Promise<Outcome>;
}

export type Faults = Readonly<Record<string, Fault>>;

const always = () => true;

/** For both services: whatever was asked, it may or may not have taken effect when the caller learns of the fault. */
export function commonFaults(service: { readonly internalError: string; readonly unavailable: string }) {
  const say = async (status: number, type: string): Promise<Outcome> => ({ answer: errorAnswer(status, type) });
  return {
    'cut before': { concerns: always, meet: async () => 'cut' },
    'cut after': {
      concerns: always,
      meet: async (call) => {
        await call.forward();
        return 'cut';
      },
    },
    'cut within the answer': {
      concerns: always,
      meet: async (call, draw) => {
        const answer = await call.forward();
        return { answer, bytes: draw.below(answer.body.length) };
      },
    },
    delayed: {
      concerns: always,
      meet: async (call, draw) => {
        await pause(draw.next() * LONGEST_DELAY_MS);
        return { answer: await call.forward() };
      },
    },
    'answered late': {
      concerns: always,
      meet: async (call, draw) => {
        const answer = await call.forward();
        await pause(draw.next() * LONGEST_DELAY_MS);
        return { answer };
      },
    },
    '500 before': { concerns: always, meet: () => say(500, service.internalError) },
    '500 after': {
      concerns: always,
      meet: async (call) => {
        await call.forward();
        return say(500, service.internalError);
      },
    },
    '503': { concerns: always, meet: () => say(503, service.unavailable) },
  } as const satisfies Faults;
}

/** Long beside an emulator's answer of 2 ms, short beside the 5 s after which the product gives a call up. */
const LONGEST_DELAY_MS = 80;

/** Throttled calls take no effect. Each service has several names for it. */
export function throttling(types: readonly string[]): Fault {
  return {
    concerns: always,
    meet: async (_call, draw) => ({
      answer: errorAnswer(400, types[draw.below(types.length)] ?? ''),
    }),
  };
}
