import { randomUUID } from 'node:crypto';
import { bodyOf, type Call, errorAnswer, type Json, withBody } from './call.ts';
import { commonFaults, type Fault, type Faults, throttling } from './fault.ts';

const NAMESPACE = 'com.amazonaws.dynamodb.v20120810#';

/** Every code that a cancelled transaction may give as a reason. */
export const CANCELLATION_CODES = [
  'None',
  'ConditionalCheckFailed',
  'ItemCollectionSizeLimitExceeded',
  'TransactionConflict',
  'ProvisionedThroughputExceeded',
  'ThrottlingError',
  'ValidationError',
] as const;
export type CancellationCode = (typeof CANCELLATION_CODES)[number];

interface Action {
  readonly Put?: { readonly ConditionExpression?: string };
  readonly Update?: { readonly ConditionExpression?: string };
}

const isTransaction = ({ operation }: Call) => operation === 'TransactWriteItems';
const actionsOf = ({ input }: Call) => input.TransactItems as readonly Action[];

/**
 * Actions whose refusal means "somebody was faster: read again", which costs a turn and loses nothing. A row that must
 * not exist yet is none of them: whoever is told that a claim is taken believes rightly that the work was done.
 */
function comparing(call: Call): number[] {
  return actionsOf(call).flatMap(({ Put, Update }, index) =>
    / = :/.test((Put ?? Update)?.ConditionExpression ?? '') ? [index] : [],
  );
}

/** Cancelled by the service itself: nothing was written, one of the actions is named, with `None` for all the others. */
function cancelled(code: CancellationCode): Fault {
  const candidates = (call: Call) =>
    code === 'ConditionalCheckFailed' ? comparing(call) : actionsOf(call).map((_, index) => index);
  return {
    concerns: (call) => isTransaction(call) && candidates(call).length > 0,
    meet: async (call, draw) => {
      const among = candidates(call);
      const named = among[draw.below(among.length)];
      const CancellationReasons = actionsOf(call).map((_, index) =>
        index === named && code !== 'None' ? { Code: code, Message: 'a fault was asked for' } : { Code: 'None' },
      );
      const Message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${code}]`;
      return {
        answer: errorAnswer(400, `${NAMESPACE}TransactionCanceledException`, { CancellationReasons, Message }),
      };
    },
  };
}

/** The network delivers the request twice and only the second answer arrives: refused, by rows of one's own. */
const twice: Fault = {
  concerns: isTransaction,
  meet: async (call) => {
    await call.forward();
    return { answer: await call.forward({ ...call.input, ClientRequestToken: randomUUID() }) };
  },
};

/** A batch of which the service carries out a part and hands back the rest. */
const partOfBatch: Fault = {
  concerns: ({ operation, input }) =>
    (operation === 'BatchGetItem' || operation === 'BatchWriteItem') &&
    Object.values(input.RequestItems as Json).some((rows) => rowsOf(rows).length > 1),
  meet: async (call, draw) => {
    const done: Record<string, unknown> = {};
    const left: Record<string, unknown> = {};
    for (const [table, wanted] of Object.entries(call.input.RequestItems as Json)) {
      const rows = rowsOf(wanted);
      const taken = Math.max(1, draw.below(rows.length));
      done[table] = withRows(wanted, rows.slice(0, taken));
      if (taken < rows.length) left[table] = withRows(wanted, rows.slice(taken));
    }
    const answer = await call.forward({ ...call.input, RequestItems: done });
    if (answer.status !== 200) return { answer };
    const name = call.operation === 'BatchGetItem' ? 'UnprocessedKeys' : 'UnprocessedItems';
    return { answer: withBody(answer, { ...bodyOf(answer), [name]: left }) };
  },
};

/** Of a read the keys, with how to read them beside; of a write the requests themselves. */
function rowsOf(wanted: unknown): readonly unknown[] {
  return Array.isArray(wanted) ? wanted : (wanted as { readonly Keys: readonly unknown[] }).Keys;
}

function withRows(wanted: unknown, rows: readonly unknown[]): unknown {
  return Array.isArray(wanted) ? rows : { ...(wanted as object), Keys: rows };
}

/** What can become of a call to DynamoDB or its streams. */
export const DYNAMODB_FAULTS = {
  ...commonFaults({
    internalError: `${NAMESPACE}InternalServerError`,
    unavailable: `${NAMESPACE}ServiceUnavailable`,
  }),
  throttled: throttling([
    `${NAMESPACE}ProvisionedThroughputExceededException`,
    `${NAMESPACE}RequestLimitExceeded`,
    'com.amazon.coral.availability#ThrottlingException',
  ]),
  'cancelled: None': cancelled('None'),
  'cancelled: ConditionalCheckFailed': cancelled('ConditionalCheckFailed'),
  'cancelled: ItemCollectionSizeLimitExceeded': cancelled('ItemCollectionSizeLimitExceeded'),
  'cancelled: TransactionConflict': cancelled('TransactionConflict'),
  'cancelled: ProvisionedThroughputExceeded': cancelled('ProvisionedThroughputExceeded'),
  'cancelled: ThrottlingError': cancelled('ThrottlingError'),
  'cancelled: ValidationError': cancelled('ValidationError'),
  'in progress': {
    concerns: isTransaction,
    meet: async () => ({ answer: errorAnswer(400, `${NAMESPACE}TransactionInProgressException`) }),
  },
  'delivered twice': twice,
  'part of a batch': partOfBatch,
} as const satisfies Faults;
