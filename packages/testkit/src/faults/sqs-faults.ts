import { bodyOf, type Json, withBody } from './call.ts';
import { commonFaults, type Fault, type Faults, throttling } from './fault.ts';

const NAMESPACE = 'com.amazonaws.sqs#';

interface Entry {
  readonly Id: string;
}

/** The queue takes some entries of a batch and names the others as failed, through no fault of the sender's. */
const partOfBatch: Fault = {
  concerns: ({ operation, input }) =>
    (operation === 'SendMessageBatch' || operation === 'DeleteMessageBatch') &&
    (input.Entries as readonly Entry[]).length > 1,
  meet: async (call, draw) => {
    const entries = call.input.Entries as readonly Entry[];
    const taken = Math.max(1, draw.below(entries.length));
    const answer = await call.forward({ ...call.input, Entries: entries.slice(0, taken) });
    if (answer.status !== 200) return { answer };
    const failed = entries
      .slice(taken)
      .map(({ Id }) => ({ Id, Code: 'InternalError', Message: 'a fault was asked for', SenderFault: false }));
    const said = bodyOf(answer);
    return {
      answer: withBody(answer, { ...said, Failed: [...((said.Failed as Json[] | undefined) ?? []), ...failed] }),
    };
  },
};

/** What was just handed over is handed to the next who asks as well: at least once is what SQS promises. */
const again: Fault = {
  concerns: ({ operation }) => operation === 'ReceiveMessage',
  meet: async (call) => {
    const answer = await call.forward();
    const messages = (bodyOf(answer).Messages ?? []) as readonly { readonly ReceiptHandle: string }[];
    if (messages.length > 0) {
      const Entries = messages.map(({ ReceiptHandle }, index) => ({
        ...{ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 },
      }));
      await call.forward({ QueueUrl: call.input.QueueUrl, Entries }, 'ChangeMessageVisibilityBatch');
    }
    return { answer };
  },
};

/** What can become of a call to SQS. */
export const SQS_FAULTS = {
  ...commonFaults({ internalError: `${NAMESPACE}InternalError`, unavailable: `${NAMESPACE}ServiceUnavailable` }),
  throttled: throttling([`${NAMESPACE}RequestThrottled`, `${NAMESPACE}ThrottlingException`]),
  'part of a batch': partOfBatch,
  'received again': again,
} as const satisfies Faults;
