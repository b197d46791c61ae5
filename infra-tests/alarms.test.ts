import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ALARMS } from '../bench/costs/year.ts';
import { createMeter } from '../functions/metrics.ts';
import { type Properties, type Synthesised, synthesise } from './synth.ts';

describe.each(['ap-southeast-1', 'cn-north-1'])('alarms in %s', (region) => {
  let prod: Synthesised;
  let alarms: readonly Properties[];
  beforeAll(async () => {
    prod = await synthesise('prod', region);
    alarms = prod.properties('AWS::CloudWatch::Alarm');
  });
  const on = (metric: string) => alarms.filter(({ MetricName }) => MetricName === metric);

  it('go off when the oldest wake is overdue by more than two minutes', () => {
    expect(on('OldestWakeLateness')).toMatchObject([
      { Namespace: 'Duban/prod', Statistic: 'Maximum', Threshold: 120_000, ComparisonOperator: 'GreaterThanThreshold' },
    ]);
  });

  it('go off when the alarm clock is silent for three minutes, which leaves no figure at all', () => {
    expect(on('Ticks')).toMatchObject([
      {
        Namespace: 'Duban/prod',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 3,
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
      },
    ]);
  });

  it('go off at the first message set aside, in each queue where that happens', () => {
    const deep = on('ApproximateNumberOfMessagesVisible');
    expect(deep).toHaveLength(4);
    for (const alarm of deep) {
      expect(alarm).toMatchObject({ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' });
    }
    const queues = deep.map(({ Dimensions }) => JSON.stringify(Dimensions)).join();
    for (const queue of ['WakeDead', 'DeliveryDead', 'ProjectFailures', 'ReactFailures']) {
      expect(queues).toContain(queue);
    }
  });

  it('go off when a reader is behind the ledger, something is throttled, a function fails, or the API answers 5xx', () => {
    expect(on('IteratorAge')).toHaveLength(2);
    expect(on('Throttles')).toHaveLength(6);
    expect(on('Errors')).toHaveLength(6);
    expect(on('WriteThrottleEvents')).toHaveLength(2);
    expect(on('ReadThrottleEvents')).toHaveLength(2);
    expect(on('5xx')).toHaveLength(1);
    expect(on('ApproximateAgeOfOldestMessage')).toHaveLength(2);
  });

  it('go off at the first message that is given up', () => {
    expect(on('DeliveryDied')).toMatchObject([
      {
        Namespace: 'Duban/prod',
        Statistic: 'Sum',
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
      },
    ]);
  });

  it('look for our own metrics where the functions put them', () => {
    const written: string[] = [];
    const seen = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const meter = createMeter({ DUBAN_METRICS_NAMESPACE: 'Duban/prod' });
    meter.count('Ticks', 1);
    meter.observe('OldestWakeLateness', 5);
    // As the deliverer counts events: by their types.
    meter.count('DeliveryDied', 1);
    meter.publish();
    seen.mockRestore();
    const line = JSON.parse(written.find((text) => text.includes('_aws')) ?? '{}');
    const [directive] = line._aws.CloudWatchMetrics;
    for (const { Namespace, MetricName, Dimensions } of ['Ticks', 'OldestWakeLateness', 'DeliveryDied'].flatMap(on)) {
      expect(directive).toMatchObject({ Namespace });
      expect(line).toHaveProperty(MetricName);
      expect(directive.Dimensions).toEqual([Dimensions.map(({ Name }: { Name: string }) => Name)]);
      for (const { Name, Value } of Dimensions) expect(line[Name]).toBe(Value);
    }
  });

  it('are as many as docs/costs.md counts', () => {
    expect(alarms).toHaveLength(ALARMS);
  });

  it('are each sent to somebody, say what to do, and say when it is over', () => {
    const [[topic] = []] = Object.entries(prod.resources('AWS::SNS::Topic'));
    for (const { AlarmActions, OKActions, AlarmDescription } of alarms) {
      expect(AlarmActions).toEqual([{ Ref: topic }]);
      expect(OKActions).toEqual([{ Ref: topic }]);
      expect(String(AlarmDescription).length).toBeGreaterThan(40);
    }
    expect(prod.properties('AWS::SNS::Subscription')).toMatchObject([
      { Protocol: 'email', Endpoint: 'duty@county.example' },
    ]);
  });

  it('may be told of by CloudWatch although the topic is encrypted and has a policy of its own', () => {
    const [topic] = prod.properties('AWS::SNS::Topic');
    expect(topic?.KmsMasterKeyId).toBeDefined();
    const [policy] = prod.properties('AWS::SNS::TopicPolicy');
    expect(policy?.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      }),
    );
    const [key] = prod.properties('AWS::KMS::Key');
    expect(key?.KeyPolicy.Statement).toContainEqual(
      expect.objectContaining({ Sid: 'Alarms', Principal: { Service: 'cloudwatch.amazonaws.com' } }),
    );
  });

  it('and one dashboard look at metrics that a function writes', () => {
    const [dashboard, ...others] = prod.properties('AWS::CloudWatch::Dashboard');
    expect(others).toEqual([]);
    const shown = [...JSON.stringify(dashboard).matchAll(/Duban\/prod\\*",\\*"(\w+)/g)].map(([, name]) => name ?? '');
    expect(new Set(shown).size).toBeGreaterThanOrEqual(12);
    const functions = ['alarm-clock', 'wake', 'react', 'deliver'];
    const written = functions.map((name) => readFileSync(`functions/${name}.ts`, 'utf8')).join();
    // Of a wake and of a delivery, each event is counted under its type.
    const events = ['clock', 'digest', 'delivery']
      .map((of) => readFileSync(`packages/domain/src/${of}/events.ts`, 'utf8'))
      .join();
    for (const name of [...new Set(shown), 'OldestWakeLateness', 'Ticks', 'DeliveryDied']) {
      expect(written.includes(`'${name}'`) || events.includes(`type: '${name}'`), name).toBe(true);
    }
  });
});
