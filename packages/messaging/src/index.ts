export { createSqsClient, type SqsClientOptions } from './client.ts';
export { createQueues, type DeployedQueues, findQueues, MAX_RECEIVE_COUNT, type QueueUrls } from './queues.ts';
export { type RedriveOptions, type RedriveResult, receiveSome, redrive } from './redrive.ts';
export {
  handleWakeMessages,
  type PartialBatchResponse,
  type WakeBatchReport,
  type WakeRecord,
} from './wake-handler.ts';
export { createWakeQueue, type QueuedWakes, type WakeQueueOptions, wakeMessages } from './wake-queue.ts';
