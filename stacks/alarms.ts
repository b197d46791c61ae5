import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { App, Stack } from 'sst/constructs';
import { dashboard } from './dashboard.ts';
import type { Settings } from './settings.ts';
import { emptyStack, physicalName } from './stack.ts';
import { ageOf, apiMetric, depthOf, lambdaMetric, ownMetric, tableMetric, type Watched } from './watched.ts';

interface Rule {
  readonly id: string;
  /** What has happened and what to do, as the mail says it. */
  readonly says: string;
  readonly metric: Metric;
  /** The alarm goes off above this; below it with `below`. */
  readonly above?: number;
  readonly below?: number;
  /** Periods in a row; default 1. */
  readonly periods?: number;
  /** No figures at all are an alarm too. */
  readonly missingIsAlarming?: boolean;
}

/** As the auditor in the alarm clock has it: somebody must look. */
const OLDEST_WAKE_MS = 120_000;

export function alarmsStack(app: App, settings: Settings, watched: Watched): void {
  const stack = emptyStack(app, 'alarms', 'Duban: who is written to when something stands still');
  const topic = new Topic(stack, 'Topic', {
    topicName: physicalName(settings, 'alarms'),
    displayName: `Duban ${settings.stage}`,
    masterKey: watched.storage.key,
    enforceSSL: true,
  });
  // A policy of a topic's own takes the place of the one that lets its account's alarms in.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  for (const address of settings.alarmEmails) topic.addSubscription(new EmailSubscription(address));
  const alarms = rulesOf(settings, watched).map((rule) => alarm(stack, settings, topic, rule));
  dashboard(stack, settings, watched, alarms);
}

function rulesOf(settings: Settings, { storage, queues, functions, api }: Watched): readonly Rule[] {
  const own = (metricName: string, statistic: string) => ownMetric(settings, metricName, statistic);
  return [
    {
      id: 'OldestWakeOverdue',
      says: 'Something has been due for more than two minutes. Look at the functions wake and deliver: down, throttled, or failing on an item.',
      metric: own('OldestWakeLateness', 'Maximum'),
      above: OLDEST_WAKE_MS,
    },
    {
      id: 'AlarmClockSilent',
      says: 'The alarm clock has not ticked for three minutes: nothing new falls due until it does. Look at its log and its rule.',
      metric: own('Ticks', 'Sum'),
      below: 1,
      periods: 3,
      missingIsAlarming: true,
    },
    ...Object.entries({
      WakeDeadLetters: queues.wakeDeadLetters,
      DeliveryDeadLetters: queues.deliveryDeadLetters,
      ProjectFailures: queues.streamFailures.project,
      ReactFailures: queues.streamFailures.react,
    }).map(([id, queue]) => ({
      id,
      says: 'Something could not be done after all its attempts. Mend the cause, then redrive.',
      metric: depthOf(queue),
      above: 0,
    })),
    {
      id: 'WakeQueueOld',
      says: 'Wakes wait in their queue for more than five minutes: the function wake does not keep up.',
      metric: ageOf(queues.wake),
      above: 300,
    },
    {
      id: 'DeliveryQueueOld',
      says: 'Deliveries wait in their queue for more than five minutes: the function deliver does not keep up. Inboxes have it all.',
      metric: ageOf(queues.delivery),
      above: 300,
    },
    {
      id: 'DeliveryDied',
      says: 'A message was given up after 72 hours: nobody is told on that channel. GET /v1/deliveries names it; mend the channel, redeliver.',
      metric: own('DeliveryDied', 'Sum'),
      above: 0,
    },
    ...Object.entries({ Views: functions.project, Digests: functions.react }).map(([id, reader]) => ({
      id: `${id}Behind`,
      says: `${id} have been more than five minutes behind the ledger. Look at the reader's log; its batch fails or it is throttled.`,
      metric: lambdaMetric(reader, 'IteratorAge', 'Maximum'),
      above: 300_000,
    })),
    ...Object.entries(functions).flatMap(([name, handler]) => [
      {
        id: `${capital(name)}Throttled`,
        says: `The function ${name} was throttled. Raise the account's concurrency.`,
        metric: lambdaMetric(handler, 'Throttles', 'Sum'),
        above: 0,
      },
      {
        id: `${capital(name)}Failing`,
        says: `The function ${name} failed in three minutes running. Its log says why.`,
        metric: lambdaMetric(handler, 'Errors', 'Sum'),
        above: 0,
        periods: 3,
      },
    ]),
    ...Object.entries({ Ledger: storage.ledger, Views: storage.views }).flatMap(([id, table]) =>
      (['Read', 'Write'] as const).map((kind) => ({
        id: `${id}${kind}Throttled`,
        says: `${kind}s of the table ${id.toLowerCase()} were throttled for three minutes running. Raise the account's limits.`,
        metric: tableMetric(table, `${kind}ThrottleEvents`),
        above: 0,
        periods: 3,
      })),
    ),
    {
      id: 'ApiAnswering5xx',
      says: 'The API answered 5xx. The log of the function api says why, by the correlation id of the answer.',
      metric: apiMetric(api, '5xx', 'Sum'),
      above: 0,
    },
  ];
}

function alarm(stack: Stack, settings: Settings, topic: Topic, rule: Rule): Alarm {
  const created = new Alarm(stack, rule.id, {
    alarmName: physicalName(settings, rule.id),
    alarmDescription: rule.says,
    metric: rule.metric,
    threshold: rule.above ?? rule.below ?? 0,
    comparisonOperator:
      rule.below === undefined ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: rule.periods ?? 1,
    treatMissingData: rule.missingIsAlarming === true ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
  const action = new SnsAction(topic);
  created.addAlarmAction(action);
  created.addOkAction(action);
  return created;
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
