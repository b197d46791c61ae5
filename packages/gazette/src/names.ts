import type { PeopleFile, PostsFile, SeatReference, UnitsFile } from './file-schema.ts';

/** The printed form without what printing varies: spaces and the width of brackets. */
export function normaliseName(name: string): string {
  return name.replace(/\s+/gu, '').replaceAll('（', '(').replaceAll('）', ')');
}

type Post = PostsFile['posts'][number];

/** Resolves printed names to codes; an unknown or ambiguous name is an error, never a guess. */
export class NameIndex {
  readonly #units = new Map<string, string>();
  readonly #collectives = new Map<string, { units: string[]; note: string | undefined }>();
  readonly #posts = new Map<string, Post[]>();
  readonly #groups = new Map<string, string>();
  /** The post meant where a list prints a person's name alone. */
  readonly #named = new Map<string, string>();
  readonly #people = new Map<string, string>();

  /** @throws Error when one name belongs to two units, or a post names an unknown unit. */
  constructor(
    file: UnitsFile,
    posts: PostsFile['posts'],
    people: PeopleFile['people'] = [],
    groups: readonly { readonly name: string; readonly code: string }[] = [],
  ) {
    for (const unit of file.units) {
      for (const name of [unit.name, ...unit.aliases]) this.#addUnitName(name, unit.code);
    }
    for (const { name, units, note } of file.collectives) {
      if (this.#units.has(normaliseName(name))) throw new Error(`“${name}” names a unit and several units`);
      this.#collectives.set(normaliseName(name), { units: units.map((each) => this.unit(each)), note });
    }
    for (const post of posts) {
      const key = postKey(this.unit(post.unit), post.title);
      this.#posts.set(key, [...(this.#posts.get(key) ?? []), post]);
    }
    for (const { name, code } of groups) this.#groups.set(normaliseName(name), code);
    for (const { name, code, post } of people) {
      this.#people.set(name, code);
      if (post !== undefined) this.#named.set(name, this.#onePost(post, name));
    }
  }

  #addUnitName(name: string, code: string): void {
    const key = normaliseName(name);
    const other = this.#units.get(key);
    if (other !== undefined) throw new Error(`“${name}” names both ${other} and ${code}`);
    this.#units.set(key, code);
  }

  /** @throws Error for a name that no unit has. */
  unit(name: string): string {
    const code = this.#units.get(normaliseName(name));
    if (code === undefined) throw new Error(`no unit is named “${name}”`);
    return code;
  }

  /** The units a printed cell stands for; phrases whose units the gazette does not tell give a note instead. */
  unitsOf(cells: readonly string[]): { units: string[]; notes: string[] } {
    const units = new Set<string>();
    const notes: string[] = [];
    for (const cell of cells) {
      const collective = this.#collectives.get(normaliseName(cell));
      for (const code of collective?.units ?? [this.unit(cell)]) units.add(code);
      if (collective?.note !== undefined) notes.push(collective.note);
    }
    return { units: [...units], notes };
  }

  /** @throws Error for a name that no group has. */
  group(name: string): string {
    const code = this.#groups.get(normaliseName(name));
    if (code === undefined) throw new Error(`no group is named “${name}”`);
    return code;
  }

  /** Units, posts and groups that a duty's printed parties stand for; phrases that name nobody give a note instead. */
  partiesOf(names: readonly string[]): { codes: string[]; notes: string[] } {
    const codes = new Set<string>();
    const notes: string[] = [];
    for (const name of names) {
      const key = normaliseName(name);
      const known = this.#units.get(key) ?? this.#groups.get(key);
      const collective = this.#collectives.get(key);
      if (collective?.note !== undefined) notes.push(collective.note);
      for (const code of collective?.units ?? [known ?? this.post(name)]) codes.add(code);
    }
    return { codes: [...codes], notes };
  }

  /**
   * A person printed by name alone, with the post that is meant; null where the gazette prints none.
   * @throws Error for a name nobody has
   */
  person(name: string): { person: string; post: string | null } {
    const person = this.#people.get(name);
    if (person === undefined) throw new Error(`no person is named “${name}”`);
    return { person, post: this.#named.get(name) ?? null };
  }

  /** The person a reference prints; null when it prints a post alone. */
  holder(reference: SeatReference): string | null {
    const printed = typeof reference === 'string' ? reference : reference.printed;
    return this.#named.has(printed) ? printed : (splitReference(printed).holder ?? null);
  }

  /**
   * The post of a printed reference: `姓名 单位职务` or `单位职务`.
   * Every post printed for a person must exist, also those that do not sit in the group.
   * @throws Error when nothing or more than one post fits.
   */
  post(reference: SeatReference): string {
    if (typeof reference === 'string') {
      const named = this.#named.get(reference);
      if (named !== undefined) return named;
      const { holder, titles } = splitReference(reference);
      if (titles.length !== 1) throw new Error(`“${reference}” prints several posts: say which with “as”`);
      return this.#onePost(reference, holder);
    }
    const { holder, titles } = splitReference(reference.printed);
    const printed = titles.map((title) => this.#onePost(title, holder));
    const seat = this.#onePost(reference.as, holder);
    if (!printed.includes(seat)) throw new Error(`“${reference.as}” is not among “${reference.printed}”`);
    return seat;
  }

  #onePost(reference: string, holder: string | undefined): string {
    const name = normaliseName(splitReference(reference).titles.join('、'));
    const found: Post[] = [];
    for (let length = 1; length < name.length; length += 1) {
      const unit = this.#units.get(name.slice(0, length));
      if (unit !== undefined) found.push(...(this.#posts.get(postKey(unit, name.slice(length))) ?? []));
    }
    const fitting = holder === undefined ? found : found.filter((post) => post.holder === holder);
    const [post, ...others] = fitting;
    if (post === undefined) throw new Error(`no post is “${reference}”${holder ? ` held by ${holder}` : ''}`);
    if (others.length > 0)
      throw new Error(`“${reference}” may be any of ${fitting.map((each) => each.code).join(', ')}`);
    return post.code;
  }
}

function postKey(unit: string, title: string): string {
  return `${unit} ${normaliseName(title)}`;
}

function splitReference(reference: string): { holder: string | undefined; titles: string[] } {
  const [first = '', ...rest] = reference.split(' ');
  if (rest.length === 0) return { holder: undefined, titles: first.split('、') };
  return { holder: first, titles: rest.join('').split('、') };
}
