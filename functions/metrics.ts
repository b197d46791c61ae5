import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Env, METRICS } from './env.ts';

/** What the alarms and the dashboard look at; written to the log, from where CloudWatch takes it without a call. */
export function createMeter({ DUBAN_METRICS_NAMESPACE: namespace }: Env<typeof METRICS>) {
  const metrics = new Metrics({ namespace, serviceName: 'duban' });
  return {
    count: (name: string, count: number): void => void metrics.addMetric(name, MetricUnit.Count, count),
    observe: (name: string, ms: number): void => void metrics.addMetric(name, MetricUnit.Milliseconds, ms),
    publish: (): void => void metrics.publishStoredMetrics(),
  };
}
