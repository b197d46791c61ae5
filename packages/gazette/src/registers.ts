import type { NumberedFile } from './assemble.ts';
import type { Bundle } from './bundle.ts';
import type { DocumentFile } from './file-schema.ts';
import type { NameIndex } from './names.ts';
import type { Attempt } from './problems.ts';

type Registers = Pick<Bundle, 'subjects' | 'demonstrationPoints' | 'duties' | 'thresholds' | 'ratings'>;

/** What a document prints beside groups and tasks: its registers, recurring duties and rules. */
export function registers(files: readonly NumberedFile[], index: NameIndex, attempt: Attempt): Registers {
  const subjectsOf = (register: DocumentFile['subjects'][number]['register']) =>
    files.flatMap((file) =>
      file.subjects
        .filter((subject) => subject.register === register)
        .flatMap((subject) => attempt(subject.code, () => subjectRecord(subject, file, index))),
    );
  return {
    subjects: subjectsOf('food_safety'),
    demonstrationPoints: subjectsOf('demonstration_point'),
    duties: files.flatMap((file) =>
      file.duties.flatMap((duty) => attempt(duty.code, () => dutyRecord(duty, file, index))),
    ),
    thresholds: files.flatMap(({ thresholds, number }) =>
      thresholds.map(({ textLines: _torn, ...rule }) => ({ ...rule, documentNumber: number })),
    ),
    ratings: files.flatMap(({ ratings, number }) =>
      ratings.map(({ textLines: _torn, ...rule }) => ({ ...rule, documentNumber: number })),
    ),
  };
}

function subjectRecord(
  { register: _register, cellLines: _cells, ...subject }: DocumentFile['subjects'][number],
  file: NumberedFile,
  index: NameIndex,
): Bundle['subjects'][number] {
  return {
    ...subject,
    documentNumber: file.number,
    township: subject.township === null ? null : index.unit(subject.township),
    leader: subject.leader === null ? null : index.post(subject.leader),
    leaderName: subject.leader === null ? null : index.holder(subject.leader),
    leaders: subject.leaders.map((name) => index.person(name)),
    units: index.unitsOf(subject.units).units,
  };
}

function dutyRecord(
  { textLines: _torn, owners, counterparties, ...duty }: DocumentFile['duties'][number],
  file: NumberedFile,
  index: NameIndex,
): Bundle['duties'][number] {
  const [who, toWhom] = [index.partiesOf(owners), index.partiesOf(counterparties)];
  return {
    ...duty,
    documentNumber: file.number,
    owners: who.codes,
    ownersText: owners,
    counterparties: toWhom.codes,
    counterpartiesText: counterparties,
    notes: [...new Set([...duty.notes, ...who.notes, ...toWhom.notes])],
  };
}
