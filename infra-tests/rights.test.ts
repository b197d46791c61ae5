import { beforeAll, describe, expect, it } from 'vitest';
import { type Resource, type Synthesised, synthesise } from './synth.ts';

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** Whose role it is: by the log it may write. */
const nameOf = ({ Properties }: Resource) => /"(\w+)Log\w*"/.exec(JSON.stringify(Properties.Policies))?.[1];
const listed = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** Statements whose resource ends in a star, with why AWS leaves nothing else. */
const STARS: Readonly<Record<string, RegExp>> = {
  // The label of a stream is the time it was made; to learn it one must ask.
  Streams: /"\/stream\/\*"/,
};

describe.each(['ap-southeast-1', 'cn-north-1'])('rights in %s', (region) => {
  let prod: Synthesised;
  let roles: readonly Resource[];
  beforeAll(async () => {
    prod = await synthesise('prod', region);
    roles = Object.values(prod.resources('AWS::IAM::Role'));
  });
  const statements = () =>
    roles.flatMap(({ Properties }) =>
      (Properties.Policies as { PolicyDocument: { Statement: Statement[] } }[]).flatMap(
        ({ PolicyDocument }) => PolicyDocument.Statement,
      ),
    );

  it('are a role for each function, with no managed policy and none beside its own', () => {
    expect(roles).toHaveLength(6);
    for (const { Properties } of roles) expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect(prod.properties('AWS::IAM::Policy')).toEqual([]);
    expect(prod.properties('AWS::IAM::ManagedPolicy')).toEqual([]);
    expect(prod.properties('AWS::Lambda::Function')).toHaveLength(6);
  });

  it('name each action', () => {
    for (const { Sid, Action } of statements()) {
      for (const action of listed(Action)) expect(action, Sid).toMatch(/^[a-z]+:[A-Z][A-Za-z]+$/);
    }
  });

  it('name each resource: a table, an index, a stream, a queue, a key, a secret, a log', () => {
    for (const { Sid = '', Resource: resources } of statements()) {
      for (const resource of listed(resources)) {
        const text = JSON.stringify(resource);
        expect(typeof resource, text).toBe('object');
        if (STARS[Sid] === undefined) expect(text, Sid).not.toContain('*');
        else expect(text, Sid).toMatch(STARS[Sid]);
      }
    }
  });

  it('of no function include making, changing or removing what it works on', () => {
    const asked = new Set(statements().flatMap(({ Action }) => listed(Action)));
    for (const action of asked) {
      expect(action).not.toMatch(
        /:(Create(?!LogStream)|Delete(?!Item|Message)|Update(?!Item)|Put(?!Item|LogEvents)|Purge|Tag)/,
      );
    }
  });

  it('let the API read the keys, the deliverer those and how notices leave, and nobody else any secret', () => {
    const reading = (action: string, word: RegExp) =>
      roles
        .filter(({ Properties }) =>
          (Properties.Policies[0].PolicyDocument.Statement as Statement[]).some(
            ({ Action, Resource: resource }) => listed(Action).includes(action) && word.test(JSON.stringify(resource)),
          ),
        )
        .map(nameOf);
    expect(reading('secretsmanager:GetSecretValue', /Sealing/).sort()).toEqual(['Api', 'Deliver']);
    expect(reading('secretsmanager:GetSecretValue', /Outbound/)).toEqual(['Deliver']);
    expect(reading('secretsmanager:GetSecretValue', /./).sort()).toEqual(['Api', 'Deliver']);
    const keys = statements().filter(({ Sid }) => Sid === 'KeyOfSecrets');
    expect(keys).toHaveLength(2);
    for (const { Action, Condition } of keys) {
      expect(Action).toBe('kms:Decrypt');
      expect(JSON.stringify(Condition)).toContain(`secretsmanager.${region}.`);
    }
  });

  it('let whoever sends wakes send deliveries too', () => {
    const sending = (sid: string) =>
      roles
        .filter(({ Properties }) =>
          (Properties.Policies[0].PolicyDocument.Statement as Statement[]).some(({ Sid }) => Sid === sid),
        )
        .map(nameOf)
        .sort();
    expect(sending('SendWakes')).toEqual(['AlarmClock', 'Api', 'Deliver', 'React', 'Wake']);
    expect(sending('SendDeliveries')).toEqual(sending('SendWakes'));
  });

  it('let only the deliverer send mail, as the identities that are named, and nobody when none is', async () => {
    expect(statements().filter(({ Sid }) => Sid === 'Mail')).toEqual([]);
    const identity = `arn:aws:ses:${region}:123456789012:identity/example.gov.cn`;
    const mailing = await synthesise('prod', region, undefined, { DUBAN_SES_IDENTITIES: identity });
    const mail = Object.values(mailing.resources('AWS::IAM::Role')).flatMap((role) =>
      (role.Properties.Policies[0].PolicyDocument.Statement as Statement[])
        .filter(({ Action }) => JSON.stringify(Action).includes('ses:'))
        .map(({ Action, Resource: resource }) => [nameOf(role), Action, resource]),
    );
    expect(mail).toEqual([['Deliver', ['ses:SendEmail', 'ses:SendRawEmail'], identity]]);
  });

  it('let only the projection and what publishes imports write views, and nobody change an event', () => {
    const writing = (sid: string, action: string) =>
      roles
        .filter(({ Properties }) =>
          (Properties.Policies[0].PolicyDocument.Statement as Statement[]).some(
            ({ Sid, Action }) => Sid === sid && listed(Action).includes(action),
          ),
        )
        .map(nameOf);
    expect(writing('Views', 'dynamodb:UpdateItem').sort()).toEqual(['Api', 'Project', 'Wake']);
    expect(writing('Ledger', 'dynamodb:UpdateItem')).toEqual([]);
    expect(writing('Ledger', 'dynamodb:DeleteItem')).toEqual([]);
    expect(writing('Ledger', 'dynamodb:PutItem').sort()).toEqual(['Api', 'Deliver', 'React', 'Wake']);
  });

  it('to call a function are the gateway’s and the clock’s, each from its own source', () => {
    const permissions = prod.properties('AWS::Lambda::Permission');
    for (const { Principal, SourceArn } of permissions) {
      expect(['apigateway.amazonaws.com', 'events.amazonaws.com']).toContain(Principal);
      expect(SourceArn).toBeDefined();
    }
  });
});
