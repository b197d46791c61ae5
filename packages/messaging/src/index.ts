export { createSqsClient, type SqsClientOptions } from './client.ts';
export { createQueues, type QueueUrls } from './queues.ts';
export { type RedriveOptions, type RedriveResult, redrive } from './redrive.ts';
export { handleWakeMessages, type PartialBatchResponse, type WakeRecord } from './wake-handler.ts';
export { createWakeQueue, type WakeQueueOptions } from './wake-queue.ts';
