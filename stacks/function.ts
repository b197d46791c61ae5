import type { Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { NagSuppressions } from 'cdk-nag';
import type { Stack } from 'sst/constructs';
import { useKey } from './permissions.ts';
import type { Settings } from './settings.ts';
import { physicalName, removalOf } from './stack.ts';
import type { Storage } from './storage.ts';

export interface FunctionOptions {
  /** Its file: `functions/<name>.ts`. */
  readonly name: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly memoryMb: number;
  /** Exactly what it reads. */
  readonly environment: Readonly<Record<string, string>>;
  /** Exactly what it does, beside writing its log and having its tables and queues decrypted. */
  readonly allowed: readonly PolicyStatement[];
}

/** One of our functions: its bundle, its log, and a role of its own that may do what it does and no more. */
export function dubanFunction(
  stack: Stack,
  settings: Settings,
  { key }: Pick<Storage, 'key'>,
  { name, description, timeout, memoryMb, environment, allowed }: FunctionOptions,
): LambdaFunction {
  const id = name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const logGroup = logGroupOf(stack, settings, key, `${id}Log`, name);
  const role = new Role(stack, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      work: new PolicyDocument({
        statements: [
          ...allowed,
          useKey(stack, key),
          new PolicyStatement({
            sid: 'Log',
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [logGroup.logGroupArn],
          }),
        ],
      }),
    },
  });
  NagSuppressions.addResourceSuppressions(role, [
    {
      id: 'AwsSolutions-IAM5',
      reason: 'The ARN of a log group ends with :* and names its streams, which have no other name before they exist.',
      appliesTo: [{ regex: '/^Resource::<\\w+Log\\w+\\.Arn>$/g' }],
    },
    {
      id: 'AwsSolutions-IAM5',
      reason: 'The label of a stream is the time at which it was made: to learn it one must list those of the table.',
      appliesTo: [{ regex: '/^Resource::<Ledger\\w+\\.Arn>\\/stream\\/\\*$/g' }],
    },
  ]);
  return new LambdaFunction(stack, id, {
    functionName: physicalName(settings, name),
    description,
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromAsset(`${settings.bundles}/${name}`, { exclude: ['**/*.map'] }),
    role,
    logGroup,
    loggingFormat: LoggingFormat.TEXT,
    timeout,
    memorySize: memoryMb,
    environment: { ...environment },
  });
}

export function logGroupOf(stack: Stack, settings: Settings, encryptionKey: Storage['key'], id: string, name: string) {
  return new LogGroup(stack, id, {
    logGroupName: `/duban/${settings.stage}/${name}`,
    retention: settings.logRetentionDays,
    encryptionKey,
    removalPolicy: removalOf(settings),
  });
}
