/** A process's clock is off by so much at the most (ms), and what it does is early by no more. */
export const LARGEST_SKEW_MS = 2_000;

/** What may go wrong, each as chances in a thousand. */
export interface Trouble {
  /** A process dies before or after a write. */
  readonly crash: number;
  /** A call is answered with an error: before it took effect, or after it did. */
  readonly fault: number;
  /** A message of the queue is lost. */
  readonly drop: number;
  /** A message, or a batch of the stream, comes again: up to four times more. */
  readonly repeat: number;
  /** A message comes minutes late, and past others. */
  readonly delay: number;
  /** A minute's tick of the alarm clock does not take place. */
  readonly missedTick: number;
  /** A call takes up to a second: others overtake whoever made it. */
  readonly slow: number;
  /** A process's clock is off by up to {@link LARGEST_SKEW_MS}. */
  readonly skew: number;
  /** A receiver of messages answers with an error, late, or not at all. */
  readonly receiver: number;
}

export const CALM: Trouble = {
  crash: 0,
  fault: 0,
  drop: 0,
  repeat: 0,
  delay: 0,
  missedTick: 0,
  slow: 0,
  skew: 0,
  receiver: 0,
};

/** From an ordinary bad day to a day when nearly everything fails. */
export const LEVELS: readonly Trouble[] = [
  CALM,
  { crash: 5, fault: 10, drop: 20, repeat: 50, delay: 50, missedTick: 20, slow: 30, skew: 100, receiver: 100 },
  { crash: 25, fault: 40, drop: 200, repeat: 200, delay: 200, missedTick: 100, slow: 100, skew: 300, receiver: 300 },
  { crash: 70, fault: 70, drop: 600, repeat: 300, delay: 300, missedTick: 300, slow: 200, skew: 500, receiver: 600 },
];
