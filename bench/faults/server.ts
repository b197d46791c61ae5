import { startDynamoDbLocal, startSqs } from '@duban/local-cloud/emulators/index';
import { startLocalCloud } from '@duban/local-cloud/local-cloud';
import { z } from 'zod';

const port = z.coerce.number().int();
/** Where the emulators are to listen, and where the proxies stand through which they are spoken to. */
const serverEnvironment = z.object({
  DUBAN_DATA: z.string(),
  PORT: port,
  FAULTS_DYNAMODB_PORT: port,
  FAULTS_DYNAMODB_PROXY: z.url(),
  FAULTS_SQS_PORT: port,
  FAULTS_SQS_PROXY: z.url(),
});

/** What `npm start` runs, with a faulty network between it and what it stands on. */
const env = serverEnvironment.parse(process.env);
await startLocalCloud({
  dataDir: env.DUBAN_DATA,
  port: env.PORT,
  quiet: true,
  emulators: {
    startDynamoDb: async ({ dataDir }) => ({
      ...(await startDynamoDbLocal({ dataDir, port: env.FAULTS_DYNAMODB_PORT })),
      endpoint: env.FAULTS_DYNAMODB_PROXY,
    }),
    startSqs: async ({ dataDir }) => ({
      ...(await startSqs({ dataDir, port: env.FAULTS_SQS_PORT })),
      endpoint: env.FAULTS_SQS_PROXY,
    }),
  },
});
