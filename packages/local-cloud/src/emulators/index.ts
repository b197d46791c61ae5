export { type DynamoDbLocal, type DynamoDbLocalOptions, freePort, startDynamoDbLocal } from './dynamodb-local.ts';
export { JavaMissingError } from './java.ts';
export { type LocalSqs, type SqsOptions, startSqs } from './sqs.ts';
