import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadCounty, readCountyFiles } from './index.ts';
import { drawRows, readingDigest } from './second-reading.ts';
import { SourceText } from './source-text.ts';

const source = SourceText.read('luxi-2023-02');
const files = readCountyFiles('luxi');

type Lines = readonly [number, number];
interface Quote {
  readonly what: string;
  readonly text: string | null;
  readonly lines: Lines | undefined;
  readonly pieces?: readonly Lines[] | undefined;
}

/** Everything the files quote, and where it must stand. */
function quotes(): readonly Quote[] {
  const tasks = files.documents.flatMap(({ tasks: rows }) =>
    rows.flatMap((task): Quote[] => {
      const what = `${task.list} ${task.seq}`;
      const { unitLines } = task;
      return [
        { what, text: task.text, lines: task.sourceLines, pieces: task.textLines },
        { what: `${what} title`, text: task.title, lines: task.titleLines },
        { what: `${what} due`, text: task.dueText, lines: task.dueLines },
        ...[...task.leadUnits, ...task.responsibleUnits].map((text) => ({
          what: `${what} unit`,
          text,
          lines: unitLines,
        })),
        ...task.milestones.map((each) => ({
          ...{ what: `${what} ${each.code}`, text: each.text, lines: each.sourceLines, pieces: each.textLines },
        })),
        ...task.targets.map((each) => ({ what: `${what} target`, text: each.text, lines: each.sourceLines })),
      ];
    }),
  );
  const others = files.documents.flatMap(({ plans, subjects, duties, thresholds, ratings, appointments }): Quote[] => [
    ...plans.flatMap(({ code, goals }) => goals.map(({ text, sourceLines: lines }) => ({ what: code, text, lines }))),
    ...subjects.map(({ code, name, sourceLines: lines }) => ({ what: code, text: name, lines })),
    ...[...duties, ...thresholds, ...ratings].map(({ code, text, sourceLines: lines, textLines: pieces }) => ({
      ...{ what: code, text, lines, pieces },
    })),
    ...appointments.map(({ person, text, sourceLines: lines }) => ({ what: person, text, lines })),
  ]);
  const readings = files.contradictions.flatMap(({ code, readings: each }) =>
    each.map(({ text, sourceLines: lines }) => ({ what: code, text, lines })),
  );
  const { incidentKinds, dutyRules } = files;
  const incidents = [
    ...incidentKinds.kinds.map(({ code, text, listedLines: lines }) => ({ what: code, text, lines })),
    ...incidentKinds.limits.map(({ code, text, sourceLines: lines }) => ({ what: code, text, lines })),
  ];
  const rules = dutyRules.subjectLeaders.map(({ onSite }) => ({
    what: 'on site',
    ...onSite,
    lines: onSite.sourceLines,
  }));
  return [...tasks, ...others, ...readings, ...incidents, ...rules];
}

describe('the files', () => {
  test('quote what is printed, in the lines they name', () => {
    const all = quotes().filter(({ text, lines }) => text !== null && lines !== undefined);
    expect(all.length).toBeGreaterThan(2_000);
    const wrong = all
      .filter(({ text, lines, pieces }) => !source.holds(text ?? '', lines ?? [1, 1], pieces))
      .map(({ what, text, lines }) => `${what} ${lines}: ${text}`);
    expect(wrong).toEqual([]);
  });

  test('would be caught misquoting', () => {
    const [task] = files.documents.flatMap(({ tasks }) => tasks);
    expect(source.holds(`${task?.text}也`, task?.sourceLines ?? [1, 1])).toBe(false);
    expect(source.holds(task?.text ?? '', [9000, 9001])).toBe(false);
  });

  test('hold no telephone numbers and no mail addresses', () => {
    const words = JSON.stringify(files, (_, value) => (typeof value === 'number' ? undefined : value));
    const text = words + readFileSync(new URL('../source/luxi-2023-02.txt', import.meta.url), 'utf8');
    expect(text.match(/(?<!\d)(?:0\d{2,3}-?)?\d{7,8}(?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)|.{0,20}@.{0,20}/g)).toBeNull();
  });
});

const reading = z.strictObject({
  seed: z.int(),
  readOn: z.iso.date(),
  rows: z.array(
    z.strictObject({
      documentNumber: z.string(),
      list: z.string(),
      seq: z.int(),
      /** `corrected`: the second reader changed it. `uncertain`: what stays open stands in the note. */
      verdict: z.enum(['agrees', 'corrected', 'uncertain']),
      note: z.string().min(1),
      digest: z.string(),
    }),
  ),
});

test('a second reader has read 40 rows drawn by lot as they stand now', () => {
  const file = new URL('../data/luxi/second-reading.yaml', import.meta.url);
  const { seed, rows } = reading.parse(parse(readFileSync(file, 'utf8')));
  console.info(`second reading: seed ${seed}`);
  const drawn = drawRows(loadCounty('luxi').tasks, seed, 40);
  expect(rows.map(({ documentNumber, list, seq, digest }) => [documentNumber, list, seq, digest])).toEqual(
    drawn.map((task) => [task.documentNumber, task.list, task.seq, readingDigest(task)]),
  );
});
