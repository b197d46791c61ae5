import fc from 'fast-check';

/** What a field was never meant to hold. */
export const HOSTILE_VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 1e308, 2 ** 53, -0.5, 1e-320],
  ...['', ' ', '\u0000', '\u001b[31m', '\u202eidle', '\ud800', '㐂𠀀𫠝', 'ａｂｃ', '\ufeff', 'e\u0301'.repeat(50)],
  ...[
    'x'.repeat(5_000),
    '督'.repeat(5_000),
    '\r\nset-cookie: a=b',
    '=1+1',
    '-2+3',
    '@SUM(A1)',
    "'; DROP TABLE tasks; --",
  ],
  ...['2023-02-30', '0000-00-00', '9999-12-31', '2023-05-19T25:00:00+08:00', '1e9', 'NaN', '../../etc/passwd'],
  ...['__proto__', 'constructor', 'toString', 'task_000001/../../x', '{{7*7}}', '<script>alert(1)</script>', '%00'],
  ...['http://169.254.169.254/latest/meta-data', 'file:///etc/passwd', 'javascript:alert(1)', '2023-13-45', '+086'],
  [],
  {},
  [[[[[[]]]]]],
  { length: 1e9 },
];

const EXTRA_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'status', 'id', '额外', ''];
const OVERLONG = 1_200;
/** As deep as a failing case can still be printed; deeper ones are among the raw bodies. */
const DEEP = 300;

type Path = readonly (string | number)[];

/** Every place of a value: itself, its fields, its elements. */
function placesOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inner = Array.isArray(value) ? value.map((each, index) => [index, each] as const) : Object.entries(value);
  return [at, ...inner.flatMap(([name, each]) => placesOf(each, [...at, name]))];
}

function changedAt(value: unknown, [name, ...rest]: Path, change: (old: unknown) => unknown): unknown {
  if (name === undefined) return change(value);
  if (Array.isArray(value)) return value.map((each, i) => (i === name ? changedAt(each, rest, change) : each));
  const copy = copyOf(value);
  define(copy, String(name), changedAt((value as Record<string, unknown>)[name], rest, change));
  return copy;
}

/** Assignment would make `__proto__` vanish: it is to be sent. */
function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

function copyOf(value: unknown): object {
  const copy = {};
  for (const [name, each] of Object.entries(value as object)) define(copy, name, each);
  return copy;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Mutation = (value: unknown) => unknown;

const replaced =
  (by: unknown): Mutation =>
  () =>
    by;
const without =
  (nth: number): Mutation =>
  (value) => {
    if (!isObject(value)) return [value];
    const names = Object.keys(value);
    const gone = names[nth % Math.max(names.length, 1)];
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== gone));
  };
const extended =
  (key: string, by: unknown): Mutation =>
  (value) => {
    if (!isObject(value)) return { [key]: value };
    const copy = copyOf(value);
    define(copy, key, by);
    return copy;
  };
const repeated: Mutation = (value) => Array.from({ length: OVERLONG }, () => value);
const nested: Mutation = (value) => {
  let deep = value;
  for (let level = 0; level < DEEP; level += 1) deep = [deep];
  return deep;
};

const hostile = fc.constantFrom(...HOSTILE_VALUES);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 6, arbitrary: hostile.map(replaced) },
  { weight: 3, arbitrary: fc.nat(20).map(without) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...EXTRA_KEYS), hostile).map(([key, by]) => extended(key, by)) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }).map(replaced) },
  { weight: 1, arbitrary: fc.constantFrom(repeated, nested) },
);

/** A value with one to three places spoiled. */
export function spoiled(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const step = fc.tuple(fc.nat(1_000), mutation);
  return fc.tuple(values, fc.array(step, { minLength: 1, maxLength: 3 })).map(([value, steps]) => {
    let now = value;
    for (const [nth, change] of steps) {
      const places = placesOf(now);
      now = changedAt(now, places[nth % places.length] ?? [], change);
    }
    return now;
  });
}

/** Bodies that are not JSON, or not quite. */
export const RAW_BODIES: readonly (string | Uint8Array)[] = [
  ...['', '{', 'null', '[]', '"x"', '1e999', '{"a":1}{"a":2}', '{"a":1,"a":2}', 'NaN', "{'a':1}", '\ufeff{}'],
  new Uint8Array([0xff, 0xfe, 0x7b, 0x7d]),
  new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
  `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  `{"a":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_001)}`,
  'x'.repeat(300_000),
];
