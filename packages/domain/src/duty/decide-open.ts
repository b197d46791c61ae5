import { type Instant, isPlainDate } from '@duban/calendar';
import type { CommandContext } from '../aggregate.ts';
import { DomainError } from '../errors.ts';
import type { Structure } from '../structure/structure.ts';
import type { DutyCommandOf } from './commands.ts';
import type { DutyDefinition } from './definition.ts';
import type { DutyEvent, NoticeOverride } from './events.ts';
import { unitOfOwner } from './owner.ts';
import { firstPeriodAfter, isScheduled } from './periods.ts';
import { periodLimit, runningPeriod } from './turns.ts';

/** Working time that lies between a demand and its first due instant, unless it is urgent (为基层减负). */
export const NOTICE_WORKING_MINUTES = 240;

export function openDuty(
  { dutyId, definition, owner, policy, imported, urgent, override }: DutyCommandOf<'OpenDuty'>,
  context: CommandContext,
): readonly DutyEvent[] {
  const { now, actor, calendar, structure } = context;
  const ownerUnit = requireUnit(owner, structure);
  requireComplete(definition, context);
  if (!imported) {
    requireKnown(definition, structure);
    requireAuthority(definition, ownerUnit, structure);
    requireVisit(definition, structure);
  }
  const period = firstPeriodAfter(definition, now, calendar);
  if (period === null && isScheduled(definition.period)) {
    throw new DomainError(
      'invalid_due',
      'No period of this duty lies ahead: its last one is past, or its days never come before its end. Check its period and its first and last day.',
      '该事项在截止日期前已没有任何应办周期，请核对周期和起止日期。',
      '/period',
    );
  }
  const shortened = !imported && !urgent && period !== null && period.dueAt < earliestDue(context);
  if (shortened) requireApproval(override, context);
  const running = period === null ? null : runningPeriod(period, definition, context);
  return [
    {
      ...{ type: 'DutyOpened', at: now, by: actor, dutyId, definition, owner, ownerUnit, policy, imported, urgent },
      // Approval that was not needed counts against nobody.
      override: shortened ? override : null,
      period: running,
      limit: running === null ? null : periodLimit(running, policy, context),
      endsAt: calendar.endOfDay(definition.until),
    },
  ];
}

/** @throws DomainError for an owner that the structure does not know */
function requireUnit(owner: string, structure: Structure): string {
  const unit = unitOfOwner(owner, structure);
  if (unit !== null) return unit;
  throw new DomainError(
    'unknown_reference',
    'A duty needs an owner: name a unit or a post that the structure knows.',
    '定期事项须有责任单位或岗位，请填写组织架构中已有的单位或岗位。',
    '/owners',
  );
}

/** Whether a subject's risk asks for being there: supervision of a high-risk one is done on site (泸办〔2023〕6号 337-340). */
export function needsVisit({ kind, subject }: Pick<DutyDefinition, 'kind' | 'subject'>, structure: Structure): boolean {
  const supervises = kind === 'supervision' || kind === 'inspection';
  return supervises && subject !== null && structure.subject(subject)?.highRisk === true;
}

function requireVisit(definition: DutyDefinition, structure: Structure): void {
  if (definition.mode === 'on_site' || !needsVisit(definition, structure)) return;
  throw new DomainError(
    'wrong_mode',
    'A high-risk subject is supervised on site; ask for mode "on_site".',
    '高风险主体须现场督导，请将 mode 设为 "on_site"。',
    '/mode',
  );
}

/** Without a basis, an end or an owner nobody could say why it is owed, until when, or by whom. */
function requireComplete({ basis, from, until }: DutyDefinition, { now, calendar }: CommandContext): void {
  if (basis.documentNumber.trim() === '') {
    throw new DomainError(
      'missing_basis',
      'A duty cites the document that gives it; name its number.',
      '定期事项须注明依据文件，请填写文号。',
      '/basis',
    );
  }
  if (!isPlainDate(from)) {
    throw new DomainError(
      'invalid_due',
      'A duty begins: name its first day.',
      '定期事项须有开始日期，请填写。',
      '/from',
    );
  }
  if (!isPlainDate(until) || until < from || calendar.endOfDay(until) <= now) {
    throw new DomainError(
      'invalid_due',
      'A duty ends: name its last day, not before its first and not in the past.',
      '定期事项须有截止日期，请填写，且不得早于开始日期、不得在过去。',
      '/until',
    );
  }
}

/** What a person types; an import has resolved its names already. */
function requireKnown({ requester, group, subject }: DutyDefinition, structure: Structure): void {
  const unknown = [
    ['requester', structure.unit(requester) === null],
    ['group', group !== null && structure.group(group) === null],
    ['subject', subject !== null && structure.subject(subject) === null],
  ] as const;
  const [field] = unknown.find(([, isUnknown]) => isUnknown) ?? [];
  if (field === undefined) return;
  const { en, zh } = NAMED[field];
  throw new DomainError(
    'unknown_reference',
    `There is no such ${en}; name one that the structure knows.`,
    `没有这个${zh}，请填写组织架构中已有的${zh}。`,
    `/${field}`,
  );
}

const NAMED = {
  requester: { en: 'unit', zh: '布置单位' },
  group: { en: 'group', zh: '领导小组' },
  subject: { en: 'subject', zh: '包保主体' },
} as const;

/** An office's demand on a township cites its authority. */
function requireAuthority({ basis }: DutyDefinition, ownerUnit: string, structure: Structure): void {
  if (structure.unit(ownerUnit)?.kind !== 'township' || structure.document(basis.documentNumber) !== null) return;
  throw new DomainError(
    'missing_authority',
    'A demand on a township cites a document that gives it; this number is none of the known documents. Cite one of them, or have the document entered first.',
    '向乡镇布置事项须引用已登记的文件依据，该文号不在文件目录中；请改引已登记的文件，或先登记该文件。',
    '/basis/documentNumber',
  );
}

function requireApproval(override: NoticeOverride | null, context: CommandContext): void {
  const { now, calendar, structure, seats } = context;
  if (override === null) {
    const earliest = calendar.format(earliestDue(context));
    throw new DomainError(
      'notice_too_short',
      `A demand that is not urgent gives at least four working hours; the earliest due instant is ${earliest}. Let it begin later, or name in override the post of the leader who allows less, and why.`,
      `非紧急事项须提前至少4个工作小时布置，最早可定于 ${earliest}；请推迟开始日期，确需提前的，请在 override 中写明批准领导的职务和理由。`,
      '/override',
    );
  }
  const { approver } = override;
  if (isLeaderPost(approver, structure) && structure.holder(approver, now) !== null && !seats.posts.has(approver))
    return;
  throw new DomainError(
    'not_allowed',
    'Less notice is allowed by a leader of a group or of the county, who holds that post now and is somebody else than you; name such a post, or let it begin later.',
    '缩短提前时间须由在任的领导小组负责人或县领导批准，且不能是本人；请填写符合条件的职务，或推迟开始日期。',
    '/override/approver',
  );
}

function earliestDue({ now, calendar }: CommandContext): Instant {
  return calendar.addWorkingMinutes(now, NOTICE_WORKING_MINUTES).at;
}

function isLeaderPost(post: string, structure: Structure): boolean {
  return (
    structure.jurisdiction.mainLeaders.includes(post) ||
    structure.data.groups.some(
      ({ leader, firstDeputy, deputies }) => leader === post || firstDeputy === post || deputies.includes(post),
    )
  );
}
