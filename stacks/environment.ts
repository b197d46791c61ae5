import type { Queues } from './queues.ts';
import type { Settings } from './settings.ts';
import type { Storage } from './storage.ts';

/** What every function with the use cases' dependencies reads. */
export function pipelineEnvironment({ ledger, views }: Storage, queues: Queues) {
  return {
    DUBAN_LEDGER_TABLE: ledger.tableName,
    DUBAN_VIEWS_TABLE: views.tableName,
    ...queueEnvironment(queues),
  };
}

/** What every function that sends wakes reads: attempts at deliveries have a queue of their own. */
export function queueEnvironment({ wake, delivery }: Queues) {
  return { DUBAN_WAKE_QUEUE_URL: wake.queueUrl, DUBAN_DELIVERY_QUEUE_URL: delivery.queueUrl };
}

/** Where a stage's metrics are kept apart from another's. */
export function namespaceOf({ stage }: Settings): string {
  return `Duban/${stage}`;
}

export function metricsNamespace(settings: Settings) {
  return { DUBAN_METRICS_NAMESPACE: namespaceOf(settings) };
}
