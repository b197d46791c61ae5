import { MAX_RECEIVE_COUNT } from '@duban/messaging';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Properties, type Synthesised, synthesise } from './synth.ts';

describe.each(['ap-southeast-1', 'cn-north-1'])('the pipeline in %s', (region) => {
  let prod: Synthesised;
  let queues: Readonly<Record<string, Properties>>;
  beforeAll(async () => {
    prod = await synthesise('prod', region);
    queues = Object.fromEntries(
      prod.properties('AWS::SQS::Queue').map((properties) => [properties.QueueName, properties]),
    );
  });
  const mappings = () => prod.properties('AWS::Lambda::EventSourceMapping');
  const timeoutOf = (name: string) =>
    prod.properties('AWS::Lambda::Function').find(({ FunctionName }) => FunctionName === `prod-duban-${name}`)?.Timeout;

  it('has the queues that the command line looks for', () => {
    expect(Object.keys(queues).sort()).toEqual(
      ['wake', 'wake-dead', 'project-failures', 'react-failures'].map((name) => `prod-duban-${name}`).sort(),
    );
  });

  it('encrypts every queue with the key, and refuses what is not encrypted on its way', () => {
    for (const properties of Object.values(queues)) expect(properties.KmsMasterKeyId).toBeDefined();
    const policies = prod.properties('AWS::SQS::QueuePolicy');
    expect(policies).toHaveLength(Object.keys(queues).length);
    for (const { PolicyDocument } of policies) {
      expect(PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: 'sqs:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    }
  });

  it('sets wakes aside after as many attempts as on one machine, and keeps them as long as can be', () => {
    const wake = queues['prod-duban-wake'];
    expect(wake?.RedrivePolicy.maxReceiveCount).toBe(MAX_RECEIVE_COUNT);
    const dead = Object.entries(prod.resources('AWS::SQS::Queue')).find(
      ([, { Properties }]) => Properties.QueueName === 'prod-duban-wake-dead',
    );
    expect(wake?.RedrivePolicy.deadLetterTargetArn).toEqual({ 'Fn::GetAtt': [dead?.[0], 'Arn'] });
    for (const name of ['wake-dead', 'project-failures', 'react-failures']) {
      expect(queues[`prod-duban-${name}`]?.MessageRetentionPeriod).toBe(14 * 86_400);
    }
  });

  it('leaves a wake in hand six times as long as its function may take', () => {
    expect(queues['prod-duban-wake']?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeoutOf('wake'));
  });

  it('hands wakes over in part: what failed comes again alone', () => {
    const [wakes, ...others] = mappings().filter(({ ScalingConfig }) => ScalingConfig !== undefined);
    expect(others).toEqual([]);
    expect(wakes?.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  });

  it('finds the record of a batch that fails, bounds how long it is tried, and notes what it gives up', () => {
    const streams = mappings().filter(({ StartingPosition }) => StartingPosition !== undefined);
    expect(streams).toHaveLength(2);
    for (const mapping of streams) {
      expect(mapping).toMatchObject({
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        StartingPosition: 'TRIM_HORIZON',
        MaximumRecordAgeInSeconds: 6 * 3600,
        MaximumRetryAttempts: 20,
      });
      expect(JSON.stringify(mapping.DestinationConfig.OnFailure.Destination)).toMatch(/(?:Project|React)Failures/);
    }
    expect(new Set(streams.map(({ DestinationConfig }) => JSON.stringify(DestinationConfig))).size).toBe(2);
  });

  it('rings the alarm clock every minute', () => {
    const [rule, ...others] = prod.properties('AWS::Events::Rule');
    expect(others).toEqual([]);
    expect(rule).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    expect(JSON.stringify(rule?.Targets)).toMatch(/AlarmClock/);
    expect(timeoutOf('alarm-clock')).toBeLessThan(60);
  });

  it('keeps what functions log half a year and longer, encrypted', () => {
    const groups = prod.properties('AWS::Logs::LogGroup');
    for (const group of groups) {
      expect(group.RetentionInDays).toBeGreaterThanOrEqual(183);
      expect(group.KmsKeyId).toBeDefined();
    }
    for (const { LoggingConfig } of prod.properties('AWS::Lambda::Function')) {
      expect(LoggingConfig.LogGroup).toBeDefined();
    }
    expect(groups).toHaveLength(prod.properties('AWS::Lambda::Function').length + 1);
  });
});
