import { Aspects } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { synthesise } from './synth.ts';

describe.each(['ap-southeast-1', 'cn-north-1'])('a deployment to %s', (region) => {
  it('names no partition: ARNs hold wherever the stacks are deployed', async () => {
    const { templates } = await synthesise('prod', region);
    for (const [name, template] of Object.entries(templates)) {
      expect(JSON.stringify(template), name).not.toMatch(/arn:aws[^"]*:/);
    }
  });

  it('keeps the rules of AWS Solutions, with a reason for each exception', async () => {
    const { assembly } = await synthesise('prod', region, (app) => Aspects.of(app).add(new AwsSolutionsChecks()));
    const said = assembly.stacks.flatMap(({ messages }) => messages.map(({ entry }) => String(entry.data)));
    expect(said.filter((text) => text.startsWith('AwsSolutions'))).toEqual([]);
    const excepted = assembly.stacks.flatMap(({ template }) =>
      Object.values(template.Resources as Record<string, { Metadata?: { cdk_nag?: { rules_to_suppress: Rule[] } } }>)
        .flatMap(({ Metadata }) => Metadata?.cdk_nag?.rules_to_suppress ?? [])
        .map(({ id, reason }) => ({ id, reason })),
    );
    expect(excepted.length).toBeGreaterThan(0);
    for (const { id, reason } of excepted) expect(reason.length, id).toBeGreaterThan(40);
  });

  it('would be told of a rule that is broken', async () => {
    const { Bucket } = await import('aws-cdk-lib/aws-s3');
    const { assembly } = await synthesise('prod', region, (app) => {
      Aspects.of(app).add(new AwsSolutionsChecks());
      new Bucket(app.node.findChild('prod-duban-storage'), 'Planted');
    });
    const said = assembly.stacks.flatMap(({ messages }) => messages.map(({ entry }) => String(entry.data)));
    expect(said.some((text) => text.startsWith('AwsSolutions-S10'))).toBe(true);
  });

  it('brings no function but ours', async () => {
    const prod = await synthesise('prod', region);
    const names = prod.properties('AWS::Lambda::Function').map(({ FunctionName }) => FunctionName);
    expect(names.sort()).toEqual(
      ['api', 'wake', 'alarm-clock', 'project', 'react', 'deliver'].map((name) => `prod-duban-${name}`).sort(),
    );
  });
});

interface Rule {
  readonly id: string;
  readonly reason: string;
}
