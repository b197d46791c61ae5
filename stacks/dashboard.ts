import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Stack } from 'sst/constructs';
import type { Settings } from './settings.ts';
import { physicalName } from './stack.ts';
import { ageOf, apiMetric, depthOf, lambdaMetric, ownMetric, tableMetric, type Watched } from './watched.ts';

export function dashboard(stack: Stack, settings: Settings, watched: Watched, alarms: readonly Alarm[]): void {
  const { queues, functions, api, storage } = watched;
  const graph = (title: string, left: readonly Metric[], right: readonly Metric[] = []) =>
    new GraphWidget({ title, width: 12, height: 6, left: [...left], right: [...right] });
  const own = (metricName: string, statistic: string) => ownMetric(settings, metricName, statistic);
  new Dashboard(stack, 'Dashboard', {
    dashboardName: physicalName(settings, 'overview'),
    widgets: [
      [new AlarmStatusWidget({ title: '警报 Alarms', width: 24, height: 4, alarms: [...alarms] })],
      [
        graph(
          '迟到 Lateness (ms)',
          [own('WakeLateness', 'p50'), own('WakeLateness', 'p99'), own('OldestWakeLateness', 'Maximum')],
          [own('Ticks', 'Sum')],
        ),
        graph(
          '督办 Reminders, limits missed, escalations, notices',
          ['UnitReminded', 'LimitMissed', 'Escalated', 'NoticesJoined', 'DigestReleased'].map((event) =>
            own(event, 'Sum'),
          ),
        ),
      ],
      [
        graph(
          '送达 Deliveries: attempts, arrived, failed, put off, given up',
          ['AttemptStarted', 'AttemptSucceeded', 'AttemptFailed', 'DeliveryDeferred', 'DeliveryDied'].map((event) =>
            own(event, 'Sum'),
          ),
        ),
        graph('送达迟到 Lateness of attempts (ms)', [own('AttemptLateness', 'p50'), own('AttemptLateness', 'p99')]),
      ],
      [
        graph(
          '队列 Queues',
          [
            ...[queues.wake, queues.wakeDeadLetters, queues.delivery, queues.deliveryDeadLetters],
            ...Object.values(queues.streamFailures),
          ].map(depthOf),
          [queues.wake, queues.delivery].map(ageOf),
        ),
        graph('账本跟进 Behind the ledger (ms)', [
          lambdaMetric(functions.project, 'IteratorAge', 'Maximum'),
          lambdaMetric(functions.react, 'IteratorAge', 'Maximum'),
        ]),
      ],
      [
        graph(
          '接口 API',
          [apiMetric(api, 'Count', 'Sum'), apiMetric(api, '4xx', 'Sum'), apiMetric(api, '5xx', 'Sum')],
          [apiMetric(api, 'Latency', 'p99')],
        ),
        graph(
          '函数 Functions: errors, throttles',
          Object.values(functions).flatMap((handler) => [
            lambdaMetric(handler, 'Errors', 'Sum'),
            lambdaMetric(handler, 'Throttles', 'Sum'),
          ]),
        ),
      ],
      [
        graph(
          '容量 Capacity units',
          [storage.ledger, storage.views].flatMap((table) => [
            tableMetric(table, 'ConsumedWriteCapacityUnits'),
            tableMetric(table, 'ConsumedReadCapacityUnits'),
          ]),
        ),
      ],
    ],
  });
}
