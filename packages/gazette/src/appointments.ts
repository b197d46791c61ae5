import type { CountyFiles } from './assemble.ts';
import type { Bundle } from './bundle.ts';
import type { NameIndex } from './names.ts';
import type { Attempt } from './problems.ts';

type Appointment = Bundle['appointments'][number];

/**
 * Who holds which post: the holders printed in the documents, and what notices of appointments and removals change. A
 * removal ends what the person held with the notice's day.
 */
export function appointments(files: CountyFiles, index: NameIndex, attempt: Attempt): Appointment[] {
  const people = new Map(files.people.people.map(({ code, name }) => [name, code]));
  const personCode = (name: string): string => {
    const person = people.get(name);
    if (person === undefined) throw new Error(`no person is named “${name}”`);
    return person;
  };
  const printed = files.posts.posts.flatMap(({ code, holder, sourceLines }) => {
    if (holder === undefined) return [];
    return attempt(
      code,
      (): Appointment => ({ post: code, person: personCode(holder), from: null, to: null, sourceLines }),
    );
  });
  const held = new Map(printed.map((each) => [`${each.post} ${each.person}`, each]));
  for (const notice of files.documents.flatMap((file) => file.appointments)) {
    attempt(`${notice.person} ${notice.post}`, () => {
      const post = index.post(notice.post);
      const person = personCode(notice.person);
      const key = `${post} ${person}`;
      const before = held.get(key) ?? { post, person, from: null, to: null, sourceLines: notice.sourceLines };
      held.set(key, notice.change === 'appointed' ? { ...before, from: notice.on } : { ...before, to: notice.on });
    });
  }
  return [...held.values()];
}
