import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { App } from 'sst/constructs';
import { metricsNamespace, pipelineEnvironment, queueEnvironment } from './environment.ts';
import { dubanFunction } from './function.ts';
import { carryOutImports, queryWakes, receiveFrom, sendWakes } from './permissions.ts';
import { type Queues, WAKE_TIMEOUT } from './queues.ts';
import type { Settings } from './settings.ts';
import { emptyStack } from './stack.ts';
import type { Storage } from './storage.ts';

export interface ClockFunctions {
  readonly alarmClock: LambdaFunction;
  readonly wake: LambdaFunction;
}

/** What looks every minute for what falls due, and what carries it out. */
export function clockStack(app: App, settings: Settings, storage: Storage, queues: Queues): ClockFunctions {
  const stack = emptyStack(app, 'clock', 'Duban: looks every minute for what falls due, and carries it out');
  const alarmClock = dubanFunction(stack, settings, storage, {
    name: 'alarm-clock',
    description: 'Every minute: sends what falls due before the horizon, and once more what is late',
    timeout: Duration.seconds(50),
    memoryMb: 512,
    environment: {
      DUBAN_LEDGER_TABLE: storage.ledger.tableName,
      ...queueEnvironment(queues),
      ...metricsNamespace(settings),
    },
    allowed: [queryWakes(storage), ...sendWakes(queues)],
  });
  new Rule(stack, 'EveryMinute', {
    description: 'Duban: the alarm clock',
    schedule: Schedule.rate(Duration.minutes(1)),
    // The next tick finds what this one did not; a late one would only do it twice.
    targets: [new FunctionTarget(alarmClock, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
  });
  const wake = dubanFunction(stack, settings, storage, {
    name: 'wake',
    description: 'Carries out wakes: reminds, marks overdue, escalates; goes on with imports',
    timeout: WAKE_TIMEOUT,
    memoryMb: 1769,
    environment: { ...pipelineEnvironment(storage, queues), ...metricsNamespace(settings) },
    allowed: [...carryOutImports(storage), receiveFrom(queues.wake), ...sendWakes(queues)],
  });
  new EventSourceMapping(stack, 'Wakes', {
    target: wake,
    eventSourceArn: queues.wake.queueArn,
    batchSize: 10,
    reportBatchItemFailures: true,
    // A storm must leave the account room for the API.
    maxConcurrency: 20,
  });
  return { alarmClock, wake };
}
