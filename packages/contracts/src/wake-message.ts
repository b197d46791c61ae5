import { z } from 'zod';

/** Wakes a message carries at the most. */
export const MAX_WAKES_PER_MESSAGE = 50;

const wakeMessage = z.strictObject({
  v: z.literal(1),
  /** Epoch milliseconds of the earliest of its wakes. */
  at: z.int(),
  wakes: z
    .array(
      z.strictObject({
        jurisdiction: z.string().min(1).max(64),
        type: z.enum([
          'task',
          'incident',
          'duty',
          'problem',
          'report',
          'digest',
          'subscription',
          'delivery',
          'structure',
        ]),
        id: z.string().min(1).max(256),
        /** When the stream wants to be woken; epoch milliseconds. */
        at: z.int(),
      }),
    )
    .min(1)
    .max(MAX_WAKES_PER_MESSAGE),
});

/** A message of the wake queue: streams to wake, all within one second. It carries ids; the consumer reloads and decides. */
export type WakeMessage = z.infer<typeof wakeMessage>;

/** Names the field at fault, never the message's text: what cannot be parsed may be anything. */
export class WakeMessageError extends Error {
  override readonly name = 'WakeMessageError';
}

/** @throws WakeMessageError when the body is not a wake message of a known version */
export function parseWakeMessage(body: string): WakeMessage {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new WakeMessageError('Wake message: not JSON');
  }
  const result = wakeMessage.safeParse(parsed);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new WakeMessageError(`Wake message: ${issue?.path.join('.') || 'body'}: ${issue?.code ?? 'invalid'}`);
}
