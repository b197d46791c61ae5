import { beforeAll, describe, expect, it } from 'vitest';
import { type Resource, type Synthesised, synthesise } from './synth.ts';

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

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
    expect(roles).toHaveLength(5);
    for (const { Properties } of roles) expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect(prod.properties('AWS::IAM::Policy')).toEqual([]);
    expect(prod.properties('AWS::IAM::ManagedPolicy')).toEqual([]);
    expect(prod.properties('AWS::Lambda::Function')).toHaveLength(5);
  });

  it('name each action', () => {
    for (const { Sid, Action } of statements()) {
      for (const action of listed(Action)) expect(action, Sid).toMatch(/^[a-z]+:[A-Z][A-Za-z]+$/);
    }
  });

  it('name each resource: a table, an index, a stream, a queue, a key, a log', () => {
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

  it('let only the projection and what publishes imports write views, and nobody change an event', () => {
    const writing = (sid: string, action: string) =>
      roles
        .filter(({ Properties }) =>
          (Properties.Policies[0].PolicyDocument.Statement as Statement[]).some(
            ({ Sid, Action }) => Sid === sid && listed(Action).includes(action),
          ),
        )
        .map(({ Properties }) => JSON.stringify(Properties.Policies).match(/"(\w+)Log\w*"/)?.[1]);
    expect(writing('Views', 'dynamodb:UpdateItem').sort()).toEqual(['Api', 'Project', 'Wake']);
    expect(writing('Ledger', 'dynamodb:UpdateItem')).toEqual([]);
    expect(writing('Ledger', 'dynamodb:DeleteItem')).toEqual([]);
    expect(writing('Ledger', 'dynamodb:PutItem').sort()).toEqual(['Api', 'React', 'Wake']);
  });

  it('to call a function are the gateway’s and the clock’s, each from its own source', () => {
    const permissions = prod.properties('AWS::Lambda::Permission');
    for (const { Principal, SourceArn } of permissions) {
      expect(['apigateway.amazonaws.com', 'events.amazonaws.com']).toContain(Principal);
      expect(SourceArn).toBeDefined();
    }
  });
});
