import { z } from 'zod';

const streamFailure = z.object({
  timestamp: z.string(),
  requestContext: z.object({ condition: z.string() }).optional(),
  DDBStreamBatchInfo: z.object({
    streamArn: z.string().min(1),
    shardId: z.string().min(1),
    startSequenceNumber: z.string().regex(/^\d+$/),
    endSequenceNumber: z.string().regex(/^\d+$/),
    batchSize: z.int().min(1),
  }),
});

/** What Lambda notes of a batch of a stream that it has given up: where its records are, not what they say. */
export type StreamFailure = z.output<typeof streamFailure>;

/** Null when the body is not such a note. */
export function parseStreamFailure(body: string): StreamFailure | null {
  try {
    return streamFailure.parse(JSON.parse(body));
  } catch {
    return null;
  }
}
