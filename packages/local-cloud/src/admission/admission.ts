import type { Log } from '@duban/application';
import { type Admission, HttpProblem } from '@duban/http-api';
import { type AdmissionLimits, FairQueue, type Refusal, type Turn } from './fair-queue.ts';

/**
 * For the local cloud: DynamoDB Local has one database thread and this process another, and six requests keep both busy.
 * More would only wait in there, before the wakes, escalations and deliveries that ask the same two and never wait here.
 */
const LOCAL_LIMITS: AdmissionLimits = {
  places: 6,
  leastPlaces: 2,
  placesEach: 3,
  waitingEach: 24,
  waiting: 600,
  // Deadlines go before requests: hundreds of them at one midnight, with their notices, hold this store for seconds and, when a
  // month ends, keep it busy for most of a minute. Whoever asks then is served late rather than sent away.
  patienceMs: 20_000,
  shortPatienceMs: 500,
  standsAfterMs: 60_000,
};

/** Requests whose token is being checked; beyond it they are refused unchecked. */
const AT_THE_DOOR = 64;
/** A reader that takes longer with a file gives its place back before it has the whole (ms). */
const LONGEST_FILE_MS = 30_000;
/** How often those who have waited too long are looked for (ms). */
const LOOK_EVERY_MS = 50;
/** A process whose timers come later than this is behind (ms): everything it does for anybody waits as long, again and again. */
const BEHIND_MS = 100;
/** Between two lines of the log that say how many were refused (ms). */
const TELL_EVERY_MS = 10_000;
/** Whoever was refused together should not come back together: 1 to this many seconds. */
const RETRY_SPREAD_SECONDS = 5;

export interface AdmissionFigures {
  /** Requests that may be carried out at once just now. */
  readonly places: number;
  readonly running: number;
  readonly waiting: number;
  /** Since the start. */
  readonly refused: Readonly<Record<Refusal, number>>;
}

export interface GuardedAdmission extends Admission {
  readonly figures: () => AdmissionFigures;
  /** Refuses whoever has waited too long, and sees whether the process is behind: to be called every 50 ms. */
  look(): void;
}

interface Ticket {
  readonly go: () => void;
  readonly refuse: (why: Refusal) => void;
}

/** @param now milliseconds of a clock that never goes back: real time, whatever the virtual clock says */
export function createAdmission(
  now: () => number,
  log: Log,
  limits: AdmissionLimits = LOCAL_LIMITS,
  atTheDoor = AT_THE_DOOR,
): GuardedAdmission {
  const queue = new FairQueue<Ticket>(limits);
  const refused: Record<Refusal, number> = { too_many_requests: 0, overloaded: 0 };
  let checking = 0;
  let lookedAt: number | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;
  let toldOf = 0;

  function problem(why: Refusal): HttpProblem {
    refused[why] += 1;
    const seconds = 1 + ((refused.too_many_requests + refused.overloaded) % RETRY_SPREAD_SECONDS);
    return new HttpProblem(why, DETAILS[why], [], { 'retry-after': String(seconds) });
  }

  function carryOn({ go, refused: gone }: Turn<Ticket>): void {
    for (const ticket of go) ticket.go();
    for (const { ticket, why } of gone) ticket.refuse(why);
  }

  async function identified<Who>(identify: () => Promise<Who>): Promise<Who> {
    if (checking >= atTheDoor || queue.isFull) throw problem('overloaded');
    checking += 1;
    try {
      return await identify();
    } finally {
      checking -= 1;
    }
  }

  async function place(caller: string): Promise<() => void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const arrived = queue.arrive(caller, { go: resolve, refuse: (why) => reject(problem(why)) }, now());
    if (arrived === 'wait') await promise;
    else if (arrived !== 'go') throw problem(arrived);
    let held = true;
    return () => {
      if (held) carryOn(queue.leave(caller, now()));
      held = false;
    };
  }

  return {
    carryOut: async (identify, nameOf, work) => {
      const who = await identified(identify);
      const giveBack = await place(nameOf(who));
      let answer: Response;
      try {
        answer = await work(who);
      } catch (thrown) {
        giveBack();
        throw thrown;
      }
      if (answer.headers.has('content-disposition') && answer.body !== null) return untilRead(answer, giveBack);
      giveBack();
      return answer;
    },
    figures: () => ({ places: queue.places, running: queue.running, waiting: queue.waiting, refused: { ...refused } }),
    look: () => {
      queue.adapt(lookedAt !== null && now() - lookedAt > LOOK_EVERY_MS + BEHIND_MS);
      lookedAt = now();
      carryOn(queue.turn(now()));
      const sum = refused.too_many_requests + refused.overloaded;
      if (sum === toldOf || now() - toldAt < TELL_EVERY_MS) return;
      log.warn('api.shedding', { refused: sum - toldOf, running: queue.running, waiting: queue.waiting });
      [toldAt, toldOf] = [now(), sum];
    },
  };
}

/** @see createAdmission */
export function startAdmission(log: Log): { readonly admission: GuardedAdmission; stop(): void } {
  const admission = createAdmission(() => performance.now(), log);
  const timer = setInterval(admission.look, LOOK_EVERY_MS);
  return { admission, stop: () => clearInterval(timer) };
}

/** A file is read from the store while it is being sent: the work ends with its last byte, or when nobody reads on. */
function untilRead(answer: Response, giveBack: () => void): Response {
  const timer = setTimeout(giveBack, LONGEST_FILE_MS).unref();
  const end = () => {
    clearTimeout(timer);
    giveBack();
  };
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        end();
        controller.close();
      } catch (thrown) {
        end();
        controller.error(thrown);
      }
    },
    cancel: (reason) => {
      end();
      return reader.cancel(reason);
    },
  });
  return new Response(body, { status: answer.status, headers: answer.headers });
}

const DETAILS: Readonly<Record<Refusal, { readonly zh: string; readonly en: string }>> = {
  too_many_requests: {
    zh: '您同时发出的请求过多，请按 Retry-After 稍后以同一请求重试。',
    en: 'You have too many requests under way; wait as Retry-After says and repeat the same request.',
  },
  overloaded: {
    zh: '请求太多，系统暂时处理不过来，尚未执行；请按 Retry-After 稍后以同一请求重试。',
    en: 'There is more to do than can be done in time. Nothing was carried out: wait as Retry-After says and repeat it.',
  },
};
