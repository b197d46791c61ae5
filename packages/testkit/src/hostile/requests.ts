import fc from 'fast-check';
import type { ApiDocument, Operation, Parameter } from './document.ts';
import { seldom, type Vocabulary, valuesOf, withoutLeftOut } from './from-schema.ts';
import { HOSTILE_VALUES, RAW_BODIES, spoiled } from './mutations.ts';
import type { Asked } from './world.ts';
import { HERE, PEOPLE, THERE, type Who } from './world-bundle.ts';

/** A request, and in whose name it is made. */
export interface Attempt extends Asked {
  readonly who: Who;
  readonly jurisdiction: string;
}

export interface Generation {
  readonly document: ApiDocument;
  readonly words: Vocabulary;
  /** Ids that are there, of every kind. */
  readonly ids: readonly string[];
  /** Bodies that fit their item, by operation: what is made of the schema alone seldom gets far. */
  readonly bodies: Readonly<Record<string, unknown>>;
}

const HOSTILE_TEXTS = HOSTILE_VALUES.filter((value) => typeof value === 'string');
const FILE_SUFFIXES = /\}(\.(?:xlsx|ics|md|html))$/;

const hostileText = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.string({ maxLength: 40, unit: 'grapheme' }),
);
/** A broken escape, a climb, a second slash: as they stand in an address. */
const RAW_SEGMENTS = ['%', '%zz', '%ff%fe', '..%2f..%2f', '%00', '.', '%2e%2e', 'a;b', 'a%0d%0ab', '%F0%A0%80%80'];

/** Mostly those who may do something, so that requests get past the rights. */
const person = fc.tuple(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<Who>('office', 'leadHead') },
    { weight: 2, arbitrary: fc.constantFrom<Who>('admin', 'leader', 'supervision', 'incidentOffice') },
    { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(PEOPLE) as Who[])) },
  ),
  fc.oneof({ weight: 19, arbitrary: fc.constant(HERE) }, { weight: 1, arbitrary: fc.constant(THERE) }),
);

/** The encoding of an address, for text that may not be encodable. */
function encoded(value: unknown): string {
  return encodeURIComponent(String(value).toWellFormed());
}

/** Ids of the kind a path's parameter names. */
function realIds({ schema }: Parameter, ids: readonly string[]): readonly string[] {
  return schema.pattern === undefined ? [] : ids.filter((id) => new RegExp(schema.pattern ?? '').test(id));
}

function segmentsOf(parameter: Parameter, generation: Generation, isHostile: boolean): fc.Arbitrary<string> {
  const { document, words, ids } = generation;
  const real = realIds(parameter, ids);
  const known = real.length > 0 ? real : (words[parameter.name] ?? []);
  const sound = valuesOf(parameter.schema, document, words, parameter.name).map(encoded);
  const meant = known.length === 0 ? sound : fc.constantFrom(...known).map(encoded);
  if (!isHostile) return fc.oneof({ weight: 9, arbitrary: meant }, { weight: 1, arbitrary: sound });
  const spoilt = fc.oneof(hostileText.map(encoded), fc.constantFrom(...RAW_SEGMENTS));
  return fc.oneof({ weight: 1, arbitrary: meant }, { weight: 1, arbitrary: sound }, { weight: 4, arbitrary: spoilt });
}

function pathsOf(operation: Operation, generation: Generation, isHostile: boolean): fc.Arbitrary<string> {
  const parameters = operation.parameters.filter((each) => each.in === 'path');
  const model = Object.fromEntries(parameters.map((each) => [each.name, segmentsOf(each, generation, isHostile)]));
  const suffix = FILE_SUFFIXES.exec(operation.path)?.[1] ?? '';
  const bare = suffix === '' ? operation.path : operation.path.slice(0, -suffix.length);
  return fc
    .record(model)
    .map((values) => `${bare.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')}${suffix}`);
}

function queriesOf(operation: Operation, generation: Generation, isHostile: boolean): fc.Arbitrary<string> {
  const { document, words } = generation;
  const parameters = operation.parameters.filter((each) => each.in === 'query');
  const given = (parameter: Parameter) => {
    const name = words[`?${parameter.name}`] === undefined ? parameter.name : `?${parameter.name}`;
    const sound = valuesOf(parameter.schema, document, words, name).map(encoded);
    const value = isHostile ? fc.oneof(sound, hostileText.map(encoded)) : sound;
    return parameter.required === true ? value : seldom(value);
  };
  const model = Object.fromEntries(parameters.map((each) => [each.name, given(each)]));
  const pairs = fc
    .record(model)
    .map((values) => Object.entries(withoutLeftOut(values)).map(([name, value]) => `${name}=${value}`));
  if (!isHostile) return pairs.map((each) => each.join('&'));
  const extra = fc.oneof(
    { weight: 4, arbitrary: fc.constant([] as string[]) },
    fc.constantFrom('limit=1', '__proto__=1', 'limit=0', 'limit=201', 'cursor=', '&&', '%=%', 'a[b]=c').map((x) => [x]),
    hostileText.map((name) => [`${encoded(name)}=1`]),
  );
  return fc.tuple(pairs, extra).map(([some, more]) => [...some, ...more].join('&'));
}

/** What fetch lets into a header: no line ends, no more than a byte a character. */
const headerText = fc.oneof(
  fc.constantFrom(
    '"1"',
    '*',
    'W/"1"',
    '"99"',
    'a b',
    'k'.repeat(201),
    'x'.repeat(9_000),
    '%0d%0aset-cookie:a=b',
    'é\xa0',
  ),
  fc.string({ maxLength: 30, unit: 'grapheme-ascii' }),
);

function headersOf(operation: Operation, isHostile: boolean): fc.Arbitrary<Record<string, string>> {
  const declared = operation.parameters.filter((each) => each.in === 'header').map(({ name }) => name.toLowerCase());
  if (!isHostile) {
    const keyed = declared.includes('idempotency-key');
    const key = fc.option(fc.stringMatching(/^[a-z0-9]{8}$/), { nil: undefined });
    return key.map((value) => (keyed && value !== undefined ? { 'idempotency-key': value } : {}));
  }
  const names = [...declared, 'x-correlation-id', 'accept-language', 'content-type', 'content-encoding', 'range'];
  return fc.tuple(fc.constantFrom(...names), headerText).map(([name, value]) => ({ [name]: value }));
}

function bodiesOf(operation: Operation, generation: Generation, isHostile: boolean): fc.Arbitrary<unknown> {
  if (operation.body === null) return fc.constant(undefined);
  const made = valuesOf(operation.body.schema, generation.document, generation.words);
  const fitting = generation.bodies[operation.id];
  const sound = fitting === undefined ? made : fc.oneof(made, fc.constant(fitting));
  if (!isHostile) return sound;
  return fc.oneof({ weight: 9, arbitrary: spoiled(sound) }, { weight: 1, arbitrary: fc.constantFrom(...RAW_BODIES) });
}

type Part = 'path' | 'query' | 'headers' | 'body';

/** Requests for an operation: sound by its schemas, or with one part spoiled, so that the others carry it further. */
export function attemptsAt(operation: Operation, generation: Generation, isHostile: boolean): fc.Arbitrary<Attempt> {
  if (!isHostile) return spoiledIn(operation, generation, null);
  const hasPath = operation.parameters.some((each) => each.in === 'path');
  const parts: fc.WeightedArbitrary<Attempt>[] = [
    { weight: 1, arbitrary: spoiledIn(operation, generation, 'query') },
    { weight: 1, arbitrary: spoiledIn(operation, generation, 'headers') },
    ...(hasPath ? [{ weight: 2, arbitrary: spoiledIn(operation, generation, 'path') }] : []),
    ...(operation.body === null ? [] : [{ weight: 6, arbitrary: spoiledIn(operation, generation, 'body') }]),
  ];
  return fc.oneof(...parts);
}

function spoiledIn(operation: Operation, generation: Generation, part: Part | null): fc.Arbitrary<Attempt> {
  return fc
    .record({
      path: pathsOf(operation, generation, part === 'path'),
      query: queriesOf(operation, generation, part === 'query'),
      headers: headersOf(operation, part === 'headers'),
      body: bodiesOf(operation, generation, part === 'body'),
      person,
    })
    .map(({ path, query, headers, body, person: [who, jurisdiction] }) => ({
      ...{ method: operation.method, path: query === '' ? path : `${path}?${query}`, headers, who, jurisdiction },
      ...(body === undefined ? {} : { body }),
    }));
}
