import { parseOutboundSettings } from '@duban/channels';
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
      ['wake', 'wake-dead', 'delivery', 'delivery-dead', 'project-failures', 'react-failures']
        .map((name) => `prod-duban-${name}`)
        .sort(),
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

  it.each(['wake', 'delivery'])(
    'sets messages of %s aside after as many attempts as on one machine, in a queue of their own',
    (name) => {
      const queue = queues[`prod-duban-${name}`];
      expect(queue?.RedrivePolicy.maxReceiveCount).toBe(MAX_RECEIVE_COUNT);
      const dead = Object.entries(prod.resources('AWS::SQS::Queue')).find(
        ([, { Properties }]) => Properties.QueueName === `prod-duban-${name}-dead`,
      );
      expect(queue?.RedrivePolicy.deadLetterTargetArn).toEqual({ 'Fn::GetAtt': [dead?.[0], 'Arn'] });
      expect(queue).toMatchObject({ MessageRetentionPeriod: 4 * 86_400, ReceiveMessageWaitTimeSeconds: 20 });
    },
  );

  it('keeps what was set aside as long as can be', () => {
    for (const name of ['wake-dead', 'delivery-dead', 'project-failures', 'react-failures']) {
      expect(queues[`prod-duban-${name}`]?.MessageRetentionPeriod).toBe(14 * 86_400);
    }
  });

  it.each([
    ['wake', 'wake'],
    ['delivery', 'deliver'],
  ])('leaves a message of %s in hand six times as long as its function may take', (queue, handler) => {
    expect(queues[`prod-duban-${queue}`]?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeoutOf(handler));
  });

  it('leaves the deliverer time for three attempts one after the other, of any length the settings take', () => {
    const tooLong = (timeoutOf('deliver') * 1000) / 3 + 1;
    expect(() => parseOutboundSettings({ timeoutMs: tooLong })).toThrow(/timeoutMs: too_big/);
  });

  it('hands wakes and deliveries over in part, what failed comes again alone; and not to all of the account at once', () => {
    const fromQueues = mappings().filter(({ ScalingConfig }) => ScalingConfig !== undefined);
    const sources = fromQueues.map(({ EventSourceArn }) => JSON.stringify(EventSourceArn));
    expect(sources.map((source) => /Wake|Delivery/.exec(source)?.[0]).sort()).toEqual(['Delivery', 'Wake']);
    for (const mapping of fromQueues) {
      expect(mapping.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      expect(mapping.ScalingConfig.MaximumConcurrency).toBeLessThanOrEqual(20);
    }
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
