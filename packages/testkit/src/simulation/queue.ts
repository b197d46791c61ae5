import type { DueWake, WakeQueue } from '@duban/application';
import { MAX_RECEIVE_COUNT, type WakeRecord, wakeMessages } from '@duban/messaging';
import type { Weather } from './ports.ts';

export type QueueName = 'wake' | 'delivery';

interface Message extends WakeRecord {
  receives: number;
}

const BATCH = 10;
const MINUTE_MS = 60_000;

/**
 * The wake queues as SQS keeps them: messages come after their delay, in any order, at least once unless they are lost,
 * and again when they were not done.
 */
export class SimulatedQueue implements WakeQueue {
  readonly #weather: Weather;
  readonly #visible: Record<QueueName, Message[]> = { wake: [], delivery: [] };
  readonly #receive: (queue: QueueName, messages: readonly WakeRecord[]) => void;
  #sent = 0;

  /** @param receive called with a batch; what is not done of it is to be given to {@link failed} */
  constructor(weather: Weather, receive: (queue: QueueName, messages: readonly WakeRecord[]) => void) {
    this.#weather = weather;
    this.#receive = receive;
  }

  async send(wakes: readonly DueWake[], now: number, { alone = false } = {}): Promise<void> {
    for (const { queue, messages } of wakeMessages(wakes, now, { alone })) {
      for (const { body, delaySeconds } of messages) this.#accept(queue, body, delaySeconds * 1_000);
    }
  }

  /** Come again a while later, until they have come too often. */
  failed(queue: QueueName, records: readonly WakeRecord[]): void {
    for (const record of records as readonly Message[]) {
      if (record.receives >= MAX_RECEIVE_COUNT) this.#weather.note('dead_letter');
      else this.#appear(queue, record, MINUTE_MS);
    }
  }

  #accept(queue: QueueName, body: string, delayMs: number): void {
    const weather = this.#weather;
    const { draw } = weather;
    const trouble = weather.trouble();
    if (draw.perMille(trouble.drop)) {
      weather.note('message.lost');
      return;
    }
    const copies = draw.perMille(trouble.repeat) ? 1 + draw.below(5) : 1;
    if (copies > 1) weather.note('message.repeated');
    for (let copy = 0; copy < copies; copy += 1) {
      this.#sent += 1;
      // Doubles often come together: only then two hands reach for the same thing.
      const late = draw.perMille(trouble.delay) ? draw.below(20 * MINUTE_MS) : draw.below(copies > 1 ? 30 : 400);
      this.#appear(queue, { messageId: `m${this.#sent}`, body, receives: 0 }, delayMs + late);
    }
  }

  #appear(queue: QueueName, message: Message, afterMs: number): void {
    const { machine } = this.#weather;
    machine.at(machine.now + afterMs, () => {
      this.#visible[queue].push(message);
      // What appears in one instant is received together.
      machine.at(machine.now, () => this.#hand(queue));
    });
  }

  #hand(queue: QueueName): void {
    const batch = this.#visible[queue].splice(0, 1 + this.#weather.draw.below(BATCH));
    if (batch.length === 0) return;
    if (this.#visible[queue].length > 0) this.#weather.machine.at(this.#weather.machine.now, () => this.#hand(queue));
    for (const message of batch) message.receives += 1;
    this.#receive(queue, batch);
  }
}
