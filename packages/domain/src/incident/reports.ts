import { DomainError } from '../errors.ts';
import type { ReportRule } from './kinds.ts';

export const LEVELS = ['general', 'large', 'major', 'extraordinary'] as const;
/** 一般、较大、重大、特别重大; ascending. */
export type IncidentLevel = (typeof LEVELS)[number];

export const REPORT_MODES = ['phone', 'oral', 'written'] as const;
/** 电话、口头、书面. */
export type ReportMode = (typeof REPORT_MODES)[number];

export const REPORT_STAGES = ['first', 'follow_up', 'final'] as const;
/** 首报、续报、终报. */
export type ReportStage = (typeof REPORT_STAGES)[number];

export const FACT_FIELDS = [
  'time',
  'place',
  'source',
  'cause',
  'course',
  'casualties',
  'losses',
  'measures',
  'trend',
  'signer',
  'contact',
] as const;
export type FactField = (typeof FACT_FIELDS)[number];

/** What a report states. Null: not known yet, and said so; absent: this report says nothing of it. */
export type Facts = Readonly<Partial<Record<FactField, string | null>>>;

/** What the fields are called on the form. */
export const FACT_NAMES: Readonly<Record<FactField, string>> = {
  time: '时间',
  place: '地点',
  source: '信息来源',
  cause: '起因和性质',
  course: '基本过程',
  casualties: '人员伤亡',
  losses: '财产损失',
  measures: '已采取的措施',
  trend: '发展趋势',
  signer: '签发人',
  contact: '联系人',
};

/** Whoever signs and whom to ask are always known. */
const NEVER_UNKNOWN: readonly FactField[] = ['signer', 'contact'];

/** What each stage must state, if only that it is not known yet; by what kind of matter is reported. */
const REQUIRED: Readonly<Record<ReportRule['when'], Readonly<Record<ReportStage, readonly FactField[]>>>> = {
  after_event: {
    first: FACT_FIELDS,
    follow_up: ['course', 'casualties', 'losses', 'measures', 'trend', 'signer', 'contact'],
    final: FACT_FIELDS,
  },
  ahead: stagesOf('time', 'place', 'course', 'signer', 'contact'),
  after_completion: stagesOf('course', 'measures', 'signer', 'contact'),
  at_once: stagesOf('time', 'course', 'signer', 'contact'),
};

function stagesOf(...fields: readonly FactField[]): Readonly<Record<ReportStage, readonly FactField[]>> {
  return { first: fields, follow_up: fields, final: fields };
}

/**
 * Refuses a report that leaves a field of its stage unsaid. What is not known yet is marked as not known, never invented;
 * a final report has nothing left that is not known.
 *
 * @throws DomainError `facts_missing` with a pointer to the first field at fault and all of them by name
 */
export function requireFacts(facts: Facts, when: ReportRule['when'], stage: ReportStage): void {
  const required = REQUIRED[when][stage];
  const unsaid = required.filter((field) => facts[field] === undefined || facts[field]?.trim() === '');
  const unknown = required.filter(
    (field) => facts[field] === null && (stage === 'final' || NEVER_UNKNOWN.includes(field)),
  );
  const [first] = [...unsaid, ...unknown];
  if (first === undefined) return;
  const names = (fields: readonly FactField[]) => fields.map((field) => FACT_NAMES[field]).join('、');
  const zh = [
    unsaid.length === 0 ? '' : `缺少：${names(unsaid)}。尚不清楚的请填 null，不要编造。`,
    unknown.length === 0 ? '' : `此处不能为不详：${names(unknown)}。`,
  ].join('');
  const en = [
    unsaid.length === 0 ? '' : `Missing: ${unsaid.join(', ')}. Send null for what is not known yet; invent nothing. `,
    unknown.length === 0 ? '' : `These must be known here: ${unknown.join(', ')}.`,
  ].join('');
  throw new DomainError('facts_missing', en.trim(), zh, `/facts/${first}`);
}

/** Whether the second level is the higher one; not known is below every level. */
export function isHigher(from: IncidentLevel | null, to: IncidentLevel | null): boolean {
  return rank(to) > rank(from);
}

function rank(level: IncidentLevel | null): number {
  return level === null ? -1 : LEVELS.indexOf(level);
}
