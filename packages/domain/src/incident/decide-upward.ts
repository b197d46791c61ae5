import type { CommandContext } from '../aggregate.ts';
import { NO_REMINDERS, startCountedLimit } from '../clock/limit.ts';
import { DomainError } from '../errors.ts';
import type { IncidentCommandOf } from './commands.ts';
import type { IncidentEvent } from './events.ts';
import type { ExistingIncident, UpwardRecord } from './state.ts';

/** A report above the county is written down here; it leaves only after the review of both offices (19号 三(二)). */
export function requestUpward(
  incident: ExistingIncident,
  { to, text }: IncidentCommandOf<'RequestUpward'>,
  { now, actor, calendar }: CommandContext,
): readonly IncidentEvent[] {
  if (incident.reports.length === 0) {
    throw new DomainError(
      'wrong_status',
      'Report to the county first; a report above it follows.',
      '请先向县里首报，再申请向上报告。',
    );
  }
  const number = incident.upward.length + 1;
  const counted = { from: now, delay: { unit: 'minutes' as const, amount: incident.pace.reviewMinutes } };
  const id = `upward_review:${number}`;
  const limit = startCountedLimit(id, 'upward_review', counted, now, NO_REMINDERS, calendar);
  return [{ type: 'UpwardRequested', at: now, by: actor, number, to, text, limit }];
}

export function reviewUpward(
  incident: ExistingIncident,
  { number, office: named, approved, note }: IncidentCommandOf<'ReviewUpward'>,
  context: CommandContext,
): readonly IncidentEvent[] {
  const request = find(incident, number);
  const office = reviewingOffice(named, context);
  const before = request.reviews.find((review) => review.office === office);
  if (before?.approved === approved) return [];
  if (before !== undefined || request.status === 'sent' || request.status === 'refused') {
    throw new DomainError(
      'already_decided',
      'This has been reviewed already; to change it, ask for another report above the county.',
      '该申请已经审核；如需变更，请重新申请。',
    );
  }
  const { now, actor, structure } = context;
  const { incidentOffices } = structure.jurisdiction;
  const complete = approved && missingReviews(request, incidentOffices).every((missing) => missing === office);
  return [{ type: 'UpwardReviewed', at: now, by: actor, number, office, approved, complete, note }];
}

function reviewingOffice(named: string | null, { seats, structure }: CommandContext): string {
  const own = structure.jurisdiction.incidentOffices.filter((unit) => seats.units.has(unit));
  const [only, another] = own;
  if (named !== null && own.includes(named)) return named;
  if (named === null && only !== undefined && another === undefined) return only;
  throw new DomainError(
    'not_allowed',
    own.length === 0
      ? 'Only the offices that incidents are filed with review; you hold no post there.'
      : `Name the office you review for: ${own.join(', ')}.`,
    own.length === 0
      ? '只有县委办、县政府办可以审核把关，您在其中没有任职。'
      : `请用 office 指明您所代表的审核机关：${own.join('、')}。`,
    '/office',
  );
}

/** Refused until every office has approved. */
export function sendUpward(
  incident: ExistingIncident,
  { number }: IncidentCommandOf<'SendUpward'>,
  { now, actor, structure }: CommandContext,
): readonly IncidentEvent[] {
  const request = find(incident, number);
  switch (request.status) {
    case 'sent':
      return [];
    case 'approved':
      return [{ type: 'UpwardSent', at: now, by: actor, number }];
    case 'refused':
      throw new DomainError(
        'review_missing',
        'The review refused this report above the county; mend it and ask again.',
        '审核未通过，不能上报；请修改后重新申请。',
      );
    case 'pending': {
      const waiting = missingReviews(request, structure.jurisdiction.incidentOffices);
      const names = waiting.map((unit) => structure.unit(unit)?.name ?? unit);
      throw new DomainError(
        'review_missing',
        `A report above the county needs the review of both offices first; still missing: ${names.join(', ') || 'all'}.`,
        `向县以上报告须先经县委办、县政府办审核把关；尚未审核：${names.join('、') || '全部'}。`,
      );
    }
  }
}

/** Offices that have not approved yet. */
function missingReviews({ reviews }: UpwardRecord, offices: readonly string[]): readonly string[] {
  return offices.filter((office) => !reviews.some((review) => review.office === office && review.approved));
}

function find({ upward }: ExistingIncident, number: number): UpwardRecord {
  const request = upward.find((candidate) => candidate.number === number);
  if (request !== undefined) return request;
  throw new DomainError(
    'not_found',
    `There is no request ${number} for a report above the county.`,
    `没有第${number}号向上报告申请。`,
  );
}
