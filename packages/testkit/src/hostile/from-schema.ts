import fc from 'fast-check';
import type { ApiDocument, Schema } from './document.ts';

/** Values that mean something in the county, by the name of the field they stand in. */
export type Vocabulary = Readonly<Record<string, readonly unknown[]>>;

const DAY_MS = 86_400_000;
const REFERENCE = Date.parse('2023-05-19T01:30:00Z');
const FEW = 3;
const LONG = 60;

const plainDate = fc.integer({ min: -40, max: 400 }).map((days) => dateOf(REFERENCE + days * DAY_MS));
const instant = fc
  .integer({ min: -72 * 60, max: 72 * 60 })
  .map((minutes) => `${new Date(REFERENCE + 8 * 3_600_000 + minutes * 60_000).toISOString().slice(0, 19)}+08:00`);
const text = fc.oneof(
  fc.constantFrom('情况正常', '已完成整改', '㐂𠀀𫠝龘 生僻字', 'plain text', '含=公式，"引号"与<标签>'),
  fc.string({ minLength: 1, maxLength: LONG, unit: 'grapheme' }).map((value) => `甲${value}`),
);
/** Fields that may be left out mostly are: all of them at once seldom fit together. */
const LEFT_OUT: unique symbol = Symbol('left out');

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Values of a schema; where the vocabulary knows the field, mostly words of it. */
export function valuesOf(schema: Schema, document: ApiDocument, words: Vocabulary, field = ''): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const named = document.components.schemas[schema.$ref.split('/').at(-1) ?? ''];
    if (named === undefined) throw new Error(`${schema.$ref} is not in the document.`);
    return valuesOf(named, document, words, field);
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((each) => valuesOf(each, document, words, field)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (Array.isArray(schema.type)) {
    return fc.oneof(...schema.type.map((type: string) => valuesOf({ ...schema, type }, document, words, field)));
  }
  switch (schema.type) {
    case 'object':
      return objectsOf(schema, document, words);
    case 'array':
      return arraysOf(schema, document, words, field);
    case 'string':
      return amongst(words[field], freeStringsOf(schema));
    case 'integer':
      return amongst(
        words[field],
        fc.integer({ min: Math.max(schema.minimum ?? 0, -1e9), max: Math.min(schema.maximum ?? 1e9, 1e9) }),
      );
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectsOf(schema: Schema, document: ApiDocument, words: Vocabulary): fc.Arbitrary<unknown> {
  const { properties = {}, required = [] } = schema;
  const model = Object.fromEntries(
    Object.entries(properties).map(([name, each]) => {
      const values = valuesOf(each, document, words, name);
      return [name, required.includes(name) ? values : seldom(values)];
    }),
  );
  return fc.record(model).map(withoutLeftOut);
}

/** A value one time in four. */
export function seldom<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | typeof LEFT_OUT> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(LEFT_OUT) }, { weight: 1, arbitrary: values });
}

export function withoutLeftOut(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== LEFT_OUT));
}

function arraysOf(schema: Schema, document: ApiDocument, words: Vocabulary, field: string): fc.Arbitrary<unknown> {
  const { prefixItems, items, minItems = 0, maxItems = FEW } = schema;
  if (prefixItems !== undefined) return fc.tuple(...prefixItems.map((each) => valuesOf(each, document, words)));
  if (items === undefined || items === false) return fc.constant([]);
  const maxLength = Math.max(minItems, Math.min(maxItems, FEW));
  return fc.array(valuesOf(items, document, words, field), { minLength: minItems, maxLength });
}

function amongst(known: readonly unknown[] | undefined, free: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (known === undefined) return free;
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: free });
}

function freeStringsOf({ pattern, format, description = '', maxLength = LONG, minLength = 0 }: Schema) {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  if (format === 'date') return plainDate;
  if (format === 'date-time' || description.startsWith('an RFC 3339')) return instant;
  if (description.includes('RFC 3339')) return fc.oneof(plainDate, instant);
  return text.map((value) => value.slice(0, maxLength)).filter((value) => value.length >= minLength);
}
