import { type DynamoDbLocal, type DynamoDbLocalOptions, startDynamoDbLocal } from './dynamodb-local.ts';
import { type LocalSqs, type SqsOptions, startSqs } from './sqs.ts';

export { type DynamoDbLocal, type DynamoDbLocalOptions, freePort, startDynamoDbLocal } from './dynamodb-local.ts';
export { JavaMissingError } from './java.ts';
export { type LocalSqs, type SqsOptions, startSqs } from './sqs.ts';

/** How a local cloud gets what it stands on. */
export interface Emulators {
  readonly startDynamoDb: (options: DynamoDbLocalOptions) => Promise<DynamoDbLocal>;
  readonly startSqs: (options: SqsOptions) => Promise<LocalSqs>;
}

export const PINNED_EMULATORS: Emulators = { startDynamoDb: startDynamoDbLocal, startSqs };
