import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type CapacityHook, meterCapacity } from './capacity.ts';
import { useLeanProtocol } from './lean-protocol.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface DynamoClientOptions {
  /** Of an emulator; on the loopback the credentials are made up. */
  readonly endpoint?: string;
  /** Default: the environment's; `local` for an emulator on the loopback. */
  readonly region?: string;
  /** Default: the environment's. */
  readonly credentials?: NonNullable<DynamoDBClientConfig['credentials']>;
  /** Connections kept open at the most; default 32. */
  readonly maxSockets?: number;
  /** Attempts of the SDK itself for one call; default 3. */
  readonly maxAttempts?: number;
  /** Milliseconds until an unanswered call is given up; default 5000. */
  readonly requestTimeoutMs?: number;
  /** Called once per call with the units the service reports. Costs a little: for benchmarks. */
  readonly onCapacity?: CapacityHook;
}

/**
 * A DynamoDB client for the stores of this package: keep-alive connections, no input logging, and a lean protocol for
 * the calls that carry data (see lean-protocol.ts). Binary values arrive in base64.
 */
export function createDynamoClient(options: DynamoClientOptions = {}): DynamoDBClient {
  const client = new DynamoDBClient({ ...connection(options), accountIdEndpointMode: 'disabled' });
  // The logger middleware filters every input and output for secrets even when nothing listens: 0.5 ms a transaction.
  client.middlewareStack.remove('loggerMiddleware');
  useLeanProtocol(client);
  if (options.onCapacity) meterCapacity(client, options.onCapacity);
  return client;
}

/** A client for the table's stream, with the same connection settings and the same protocol for records. */
export function createStreamsClient(options: Omit<DynamoClientOptions, 'onCapacity'> = {}): DynamoDBStreamsClient {
  const client = new DynamoDBStreamsClient(connection(options));
  client.middlewareStack.remove('loggerMiddleware');
  useLeanProtocol(client);
  return client;
}

function connection(options: DynamoClientOptions) {
  const maxSockets = options.maxSockets ?? 32;
  const local = options.endpoint !== undefined && LOOPBACK.has(new URL(options.endpoint).hostname);
  const region = options.region ?? (local ? 'local' : undefined);
  const credentials = options.credentials ?? (local ? { accessKeyId: 'local', secretAccessKey: 'local' } : undefined);
  return {
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: options.maxAttempts ?? 3,
    requestHandler: new NodeHttpHandler({
      httpAgent: new HttpAgent({ keepAlive: true, maxSockets }),
      httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets }),
      connectionTimeout: 2000,
      requestTimeout: options.requestTimeoutMs ?? 5000,
      throwOnRequestTimeout: true,
      socketAcquisitionWarningTimeout: 60_000,
    }),
  };
}
