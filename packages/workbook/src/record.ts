import type { Column, Sheet } from './sheets.ts';

/** A printed deadline says more than its date, unless columns of their own say it. */
export function lay(
  stated: Record<string, unknown>,
  fields: Readonly<Record<string, unknown>>,
  columns: readonly (Column | null)[],
): void {
  for (const [field, value] of Object.entries(fields)) {
    const own = columns.some((column) => column?.field === field);
    const among = Object.keys(fields).length > 1 && field !== 'due';
    if (!(own && among)) stated[field] = value;
  }
}

/** `office.hostUnit` becomes a field of an office; an office without a host is none. */
export function nested(stated: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  const office: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(stated)) {
    if (field.startsWith('office.')) office[field.slice('office.'.length)] = value;
    else record[field] = value;
  }
  if (Object.values(office).some((value) => value !== null)) record.office = office;
  return record;
}

/** What the schema of a record knows nothing of, and empty cells of what it requires. */
export function recordOf(sheet: Sheet, stated: Record<string, unknown>): Record<string, unknown> {
  const { personCode, shownProgress: _progress, shownStatus, ...record } = stated;
  if (sheet.kind === 'appointments' && typeof personCode === 'string') record.person = personCode;
  if (sheet.kind === 'plans' && record.policy === null) record.policy = undefined;
  if (shownStatus !== null && shownStatus !== undefined) record.shownStatus = shownStatus;
  for (const { field, required } of sheet.columns) {
    // An empty cell of a required column is missing, not of the wrong type.
    if ((required === true || (sheet.kind === 'tasks' && field in NEVER_EMPTY)) && record[field] === null) {
      record[field] = undefined;
    }
  }
  return record;
}

const NEVER_EMPTY = { title: true, text: true } as const;

/** A person the sheet of appointments brings. */
export function newPerson({
  personCode,
  person,
}: Readonly<Record<string, unknown>>): { code: string; name: string } | null {
  return typeof personCode === 'string' && typeof person === 'string' ? { code: personCode, name: person } : null;
}
