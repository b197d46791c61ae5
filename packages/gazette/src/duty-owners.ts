import type { Bundle } from './bundle.ts';
import type { DutyRules } from './duty-rules.ts';
import { groupOfDocument, issuerOf, withOffice } from './hosts.ts';

export type Duty = Bundle['duties'][number];
export type Subject = Bundle['subjects'][number];

/** The group that answers for a duty and the unit that asks for it. */
export interface Desk {
  readonly group: string | null;
  readonly requester: string;
  readonly notes: readonly string[];
}

/** `unit:<code>` or `post:<code>`, and what had to be decided. */
export interface Owners {
  readonly owners: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Who asks for a duty. The gazette says to whom a few are reported and never who collects them: the unit that hosts the
 * office of the duty's group, else the unit that issued the document.
 * @throws Error for a document whose issuer is no unit
 */
export function deskOf(county: Bundle, duty: Duty): Desk {
  const group = groupOf(county, duty);
  const hosting = group === null ? null : withOffice(county.groups, group);
  const issuer = issuerOf(county, duty.documentNumber);
  const requester = hosting?.office.hostUnit ?? issuer;
  if (requester === null) throw new Error(`${duty.code}: nobody asks for it`);
  const printed = [group, requester].some((code) => code !== null && duty.counterparties.includes(code));
  const role = hosting === null ? '制发机关' : `${hosting.name}办公室所在单位`;
  const note = `导入说明：原文没有写由谁索要和催办，由${role}（${unitName(county, requester)}）负责。`;
  return { group, requester, notes: printed ? [] : [note] };
}

function groupOf(county: Bundle, duty: Duty): string | null {
  const [owner] = duty.owners;
  const owned = owner !== undefined && duty.owners.length === 1 ? withOffice(county.groups, owner) : null;
  if (owned !== null) return owned.code;
  const [from, to] = duty.sourceLines;
  const section = county.dutyRules.sections.find(
    ({ documentNumber, lines }) => documentNumber === duty.documentNumber && lines[0] <= from && to <= lines[1],
  );
  return section?.group ?? groupOfDocument(county, duty.documentNumber);
}

/** Each owner has a clock of its own. A phrase that names nobody is carried by whoever asks, until somebody corrects it. */
export function ownersOf(county: Bundle, duty: Duty, desk: Desk): Owners {
  const seats = county.dutyRules.seats.filter(
    ({ documentNumber, phrase }) => documentNumber === duty.documentNumber && duty.ownersText.includes(phrase),
  );
  const replaced = new Set(seats.flatMap(({ instead }) => instead));
  const named = duty.owners.filter((code) => !replaced.has(code)).map((code) => party(county, duty, code));
  const owners = [
    ...named.map(({ owner }) => owner),
    ...seats.flatMap(({ units, posts }) => [...units.map((code) => `unit:${code}`), ...posts.map(ofPost)]),
  ];
  const notes = [...named.flatMap(({ note }) => note ?? []), ...seats.map(({ note }) => `导入说明：${note}`)];
  if (owners.length > 0) return { owners: [...new Set(owners)], notes };
  const note = `导入说明：“${duty.ownersText.join('、')}”原文没有列明是哪些单位，暂由${unitName(county, desk.requester)}承担，请核实后更正。`;
  return { owners: [`unit:${desk.requester}`], notes: [...notes, note] };
}

function party(county: Bundle, duty: Duty, code: string): { owner: string; note?: string } {
  if (county.units.some((unit) => unit.code === code)) return { owner: `unit:${code}` };
  const group = county.groups.find((each) => each.code === code);
  if (group === undefined) return { owner: ofPost(code) };
  const hosting = withOffice(county.groups, code);
  const unit = hosting?.office.hostUnit ?? issuerOf(county, duty.documentNumber);
  if (unit === null) throw new Error(`${duty.code}: no unit stands for ${code}`);
  const why = hosting === null ? '没有写办公室设在哪个单位，由制发机关' : `由${hosting.name}办公室所在单位`;
  return { owner: `unit:${unit}`, note: `导入说明：${group.name}不是单位，${why}（${unitName(county, unit)}）承担。` };
}

/** What a duty says of the people who each answer for one subject (包保干部); null for one that says nothing of them. */
export interface Led {
  readonly rule: DutyRules['subjectLeaders'][number];
  /** The subjects it runs for one by one; empty for a duty of the people alone, which all of them own. */
  readonly subjects: readonly Subject[];
  readonly leaders: Owners;
}

/** The phrases of `subjectLeaders` in a duty, and whom they stand for. */
export function ledBy(county: Bundle, duty: Duty): Led | null {
  const rule = county.dutyRules.subjectLeaders.find(
    ({ documentNumber, phrases }) =>
      documentNumber === duty.documentNumber && duty.ownersText.some((text) => phrases.includes(text)),
  );
  if (rule === undefined) return null;
  const register = county.subjects.filter(({ documentNumber }) => documentNumber === duty.documentNumber);
  const about = (phrases: readonly string[]) => duty.counterpartiesText.some((text) => phrases.includes(text));
  const high = register.filter(({ highRisk }) => highRisk);
  const subjects = about(rule.subjects) ? register : about(rule.highRiskSubjects) ? high : [];
  const leaders = { owners: register.map(leaderOf), notes: [`导入说明：${rule.note}`] };
  return { rule, subjects, leaders };
}

/** @throws Error for a subject nobody answers for */
export function leaderOf({ code, leader }: Subject): string {
  if (leader === null) throw new Error(`nobody answers for ${code}`);
  return ofPost(leader);
}

function ofPost(code: string): string {
  return `post:${code}`;
}

function unitName({ units }: Bundle, code: string): string {
  return units.find((unit) => unit.code === code)?.name ?? code;
}
