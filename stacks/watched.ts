import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { ClockFunctions } from './clock.ts';
import type { DeliveryFunctions } from './delivery.ts';
import { namespaceOf } from './environment.ts';
import type { Queues } from './queues.ts';
import type { Settings } from './settings.ts';
import type { Storage } from './storage.ts';

/** What is watched, and what it is called in mails and on the dashboard. */
export interface Watched {
  readonly storage: Storage;
  readonly queues: Queues;
  readonly functions: ClockFunctions & DeliveryFunctions & { readonly api: LambdaFunction };
  readonly api: HttpApi;
}

const MINUTE = Duration.minutes(1);

export function ownMetric(settings: Settings, metricName: string, statistic: string): Metric {
  // The metrics library puts its service on every one.
  const dimensionsMap = { service: 'duban' };
  return new Metric({ namespace: namespaceOf(settings), metricName, dimensionsMap, statistic, period: MINUTE });
}

export function lambdaMetric({ functionName }: LambdaFunction, metricName: string, statistic: string): Metric {
  const dimensionsMap = { FunctionName: functionName };
  return new Metric({ namespace: 'AWS/Lambda', metricName, dimensionsMap, statistic, period: MINUTE });
}

export function depthOf({ queueName }: Queue): Metric {
  return queueMetric(queueName, 'ApproximateNumberOfMessagesVisible');
}

export function ageOf({ queueName }: Queue): Metric {
  return queueMetric(queueName, 'ApproximateAgeOfOldestMessage');
}

function queueMetric(QueueName: string, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/SQS',
    metricName,
    dimensionsMap: { QueueName },
    statistic: 'Maximum',
    period: MINUTE,
  });
}

export function tableMetric({ tableName }: Table, metricName: string): Metric {
  const dimensionsMap = { TableName: tableName };
  return new Metric({ namespace: 'AWS/DynamoDB', metricName, dimensionsMap, statistic: 'Sum', period: MINUTE });
}

export function apiMetric({ apiId }: HttpApi, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiId: apiId },
    statistic,
    period: MINUTE,
  });
}
