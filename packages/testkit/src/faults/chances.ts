import type { DynamoDbFault, SqsFault } from './proxy.ts';

/**
 * One call in nine meets something, a transaction one in six. Refusals that are untrue (a row said to be impossible, a
 * rival that is none) are rarer: the product rightly gives that attempt up, and must find the item again by itself.
 */
export const DYNAMODB_CHANCES: Readonly<Record<DynamoDbFault, number>> = {
  'cut before': 0.01,
  'cut after': 0.02,
  'cut within the answer': 0.01,
  delayed: 0.02,
  'answered late': 0.02,
  '500 before': 0.005,
  '500 after': 0.01,
  '503': 0.005,
  throttled: 0.005,
  'cancelled: None': 0.005,
  'cancelled: ConditionalCheckFailed': 0.005,
  'cancelled: ItemCollectionSizeLimitExceeded': 0.002,
  'cancelled: TransactionConflict': 0.02,
  'cancelled: ProvisionedThroughputExceeded': 0.01,
  'cancelled: ThrottlingError': 0.01,
  'cancelled: ValidationError': 0.002,
  'in progress': 0.005,
  'delivered twice': 0.02,
  'part of a batch': 0.1,
};

export const SQS_CHANCES: Readonly<Record<SqsFault, number>> = {
  'cut before': 0.01,
  'cut after': 0.02,
  'cut within the answer': 0.01,
  delayed: 0.02,
  'answered late': 0.02,
  '500 before': 0.01,
  '500 after': 0.01,
  '503': 0.01,
  throttled: 0.01,
  'part of a batch': 0.1,
  'received again': 0.1,
};
