import { nearestNames } from '@duban/application';
import { type Instant, parseInstant } from '@duban/calendar';
import type { BilingualFault } from '@duban/contracts/http/faults';
import type { IncidentKind, Structure } from '@duban/domain';
import { HttpProblem, invalid } from './problems.ts';

/** A date means its 24:00. The schema has checked that it is a date or an instant. */
export function dueInstant(structure: Structure, due: string): Instant {
  return parseInstant(due) ?? structure.calendar.endOfDay(due);
}

export function dueInstantOrNull(structure: Structure, due: string | null): Instant | null {
  return due === null ? null : dueInstant(structure, due);
}

/** Turns the names of a body into codes and gathers every name that means nothing. */
export class References {
  readonly faults: BilingualFault[] = [];
  readonly #structure: Structure;

  constructor(structure: Structure) {
    this.#structure = structure;
  }

  unit(name: string, pointer: string): string {
    const unit = this.#structure.unitNamed(name);
    if (unit !== null) return unit.code;
    const { units } = this.#structure.data;
    return this.unknown(
      pointer,
      'unit',
      '单位',
      nearest(
        name,
        units.flatMap((each) => [each.code, each.name, ...each.aliases]),
      ),
      name,
    );
  }

  units(names: readonly string[], pointer: string): readonly string[] {
    return [...new Set(names.map((name, index) => this.unit(name, `${pointer}/${index}`)))];
  }

  /** A kind of matter (重大事项) by its code; null, with the fault noted, when there is none. */
  incidentKind(code: string, pointer: string): IncidentKind | null {
    const kind = this.#structure.incidentKind(code);
    if (kind !== null) return kind;
    const codes = this.#structure.data.incidentKinds.map((each) => each.code);
    this.unknown(pointer, 'kind of matter', '事项类别', nearest(code, codes));
    return null;
  }

  /** A post by code, or as printed: the unit's name, then the title. */
  post(name: string, pointer: string): string {
    if (this.#structure.post(name) !== null) return name;
    const printed = name.replace(/\s+/g, '');
    const found = this.#structure.data.posts.filter((post) => this.#printedNames(post).includes(printed));
    if (found.length === 1 && found[0] !== undefined) return found[0].code;
    const known = this.#structure.data.posts.flatMap((post) => [post.code, ...this.#printedNames(post)]);
    return this.unknown(pointer, 'post', '职务', nearest(name, known), name);
  }

  posts(names: readonly string[], pointer: string): readonly string[] {
    return [...new Set(names.map((name, index) => this.post(name, `${pointer}/${index}`)))];
  }

  /** A person by code, or by name where no other bears it. */
  person(name: string, pointer: string): string {
    if (this.#structure.person(name) !== null) return name;
    const { people } = this.#structure.data;
    const [only, another] = people.filter((each) => each.name === name);
    if (only !== undefined && another === undefined) return only.code;
    return this.unknown(pointer, 'person', '人员', another === undefined ? [] : [only?.code ?? '', another.code], name);
  }

  /** Notes the fault and gives the name back, so that the others are looked at too. */
  unknown(pointer: string, kind: string, kindZh: string, suggestions: readonly string[], name = ''): string {
    this.faults.push({
      pointer,
      code: 'unknown_reference',
      message: {
        zh: `没有这个${kindZh}，或名称不唯一。${suggestions.length > 0 ? `相近的有：${suggestions.join('、')}。` : ''}`,
        en: `No such ${kind}, or more than one.${suggestions.length > 0 ? ` Nearest: ${suggestions.join(', ')}.` : ''}`,
      },
      suggestions,
    });
    return name;
  }

  /** @throws HttpProblem 422 when any name was unknown */
  check(): void {
    if (this.faults.length > 0) throw invalid(this.faults);
  }

  #printedNames({ unit: code, title }: { readonly unit: string; readonly title: string }): readonly string[] {
    const unit = this.#structure.unit(code);
    return unit === null ? [] : [unit.name, ...unit.aliases].map((name) => `${name}${title}`);
  }
}

function nearest(name: string, known: readonly string[]): readonly string[] {
  return nearestNames(name, [...new Set(known)]);
}

/** The unit a query names; 404 when there is none: a list of an unknown unit is no list. */
export function unitOfQuery(structure: Structure, name: string | undefined): string | null {
  if (name === undefined) return null;
  const unit = structure.unitNamed(name);
  if (unit === null) throw new HttpProblem('not_found');
  return unit.code;
}

export function postOfQuery(structure: Structure, name: string | undefined): string | null {
  if (name === undefined) return null;
  const references = new References(structure);
  const code = references.post(name, '/query/post');
  if (references.faults.length > 0) throw new HttpProblem('not_found');
  return code;
}
