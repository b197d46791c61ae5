import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { SQSClient } from '@aws-sdk/client-sqs';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface SqsClientOptions {
  /** Of an emulator; on the loopback the credentials are made up. */
  readonly endpoint?: string;
  readonly region?: string;
  /** Connections kept open at the most; default 16. */
  readonly maxSockets?: number;
}

/** An SQS client with keep-alive connections. */
export function createSqsClient({ endpoint, region, maxSockets = 16 }: SqsClientOptions = {}): SQSClient {
  const local = endpoint !== undefined && LOOPBACK.has(new URL(endpoint).hostname);
  const place = region ?? (local ? 'us-east-1' : undefined);
  const client = new SQSClient({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(place === undefined ? {} : { region: place }),
    ...(local ? { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {}),
    maxAttempts: 3,
    requestHandler: {
      httpAgent: new HttpAgent({ keepAlive: true, maxSockets }),
      httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets }),
      connectionTimeout: 2000,
      // Longer than the longest poll of a queue.
      requestTimeout: 25_000,
    },
  });
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
