import type { CommandContext } from '../aggregate.ts';
import { DomainError } from '../errors.ts';
import type { Structure } from '../structure/structure.ts';
import type { ProblemCommandOf } from './commands.ts';
import { requireOpen } from './decide-solution.ts';
import type { MoveDecided, ProblemEvent, ProblemMoved } from './events.ts';
import { approvalLimit, freshSolutionLimit } from './limits.ts';
import type { ExistingProblem, MoveRecord } from './state.ts';

/**
 * It cannot be solved where it lies (泸政办发〔2023〕7号 四(二)). To the county's task force it goes at once (报县工作专班协调
 * 研究解决), to the prefecture's only when both directors have approved (由县工作专班常务副主任、主任审定后，报州工作专班), and
 * never past the county.
 */
export function requestMove(
  problem: ExistingProblem,
  { to, reason }: ProblemCommandOf<'RequestMove'>,
  context: CommandContext,
): readonly ProblemEvent[] {
  const { level, moves } = problem;
  requireOpen(problem);
  if (level === to || moves.some((move) => move.status === 'pending')) return [];
  const number = moves.length + 1;
  if (to === 'county') {
    if (level === 'own') return [moved(problem, { number, to }, reason, context)];
    throw new DomainError(
      'wrong_status',
      'The problem lies with the prefecture; it does not move down again. Solve it there and record the solution.',
      '问题已提交州级，不再退回县级；解决后请填报办理效果。',
      '/to',
    );
  }
  if (level === 'own') {
    throw new DomainError(
      'wrong_status',
      'No level is skipped: move the problem to the county first; what the county cannot solve goes to the prefecture.',
      '不能越级提交：请先提交县工作专班（county），县级层面不能解决的再报州工作专班。',
      '/to',
    );
  }
  requireDirectors(problem, context.structure);
  const limit = approvalLimit(number, context);
  return [{ type: 'MoveRequested', at: context.now, by: context.actor, number, to, reason, limit }];
}

/** One refusal settles the request; the last approval moves the problem. */
export function decideMove(
  problem: ExistingProblem,
  { number, post: named, approved, note }: ProblemCommandOf<'DecideMove'>,
  context: CommandContext,
): readonly ProblemEvent[] {
  const request = find(problem, number);
  const directors = requireDirectors(problem, context.structure);
  const own = decidingPosts(named, directors, context);
  const decisionOf = (post: string) => request.decisions.find((decision) => decision.post === post);
  if (request.status !== 'pending') {
    if (own.some((post) => decisionOf(post)?.approved === approved)) return [];
    throw settled(request.status);
  }
  const undecided = own.filter((post) => decisionOf(post) === undefined);
  const deciding = approved ? undecided : undecided.slice(0, 1);
  if (!approved && deciding.length === 0) throw approvedAlready();
  const { now, actor } = context;
  const decided = deciding.map(
    (post): MoveDecided => ({ type: 'MoveDecided', at: now, by: actor, number, post, approved, note }),
  );
  // Nothing may be left to decide: a director's seat that was taken away after the other one approved.
  const complete = directors.every((post) => deciding.includes(post) || decisionOf(post) !== undefined);
  return approved && complete ? [...decided, moved(problem, request, null, context)] : decided;
}

function moved(
  problem: ExistingProblem,
  { number, to }: Pick<MoveRecord, 'number' | 'to'>,
  reason: string | null,
  context: CommandContext,
): ProblemMoved {
  const limit = freshSolutionLimit(problem, to, context);
  const { now, actor } = context;
  return { type: 'ProblemMoved', at: now, by: actor, number, from: problem.level, to, reason, limit };
}

/**
 * Posts that decide: the director and the deputy director of the office, as far as they are set; of a task force whose
 * office has none, its own director and executive deputy (工作专班主任、常务副主任). A vacant one still decides.
 */
function requireDirectors({ group: code }: ExistingProblem, structure: Structure): readonly string[] {
  const group = structure.group(code);
  const ofOffice = [group?.office?.director, group?.office?.deputyDirector].filter((post) => post != null);
  const ofGroup = [group?.leader, group?.firstDeputy].filter((post) => post != null);
  const posts = ofOffice.length > 0 ? ofOffice : ofGroup;
  if (posts.length > 0) return [...new Set(posts)];
  const name = group?.name ?? code;
  throw new DomainError(
    'not_allowed',
    `The office of ${name} has no director who could approve this; have the administrators set one first.`,
    `${name}办公室未设主任、副主任岗位，无人审定；请先由管理员设置。`,
  );
}

function decidingPosts(
  named: string | null,
  directors: readonly string[],
  { seats, structure }: CommandContext,
): readonly string[] {
  const own = directors.filter((post) => seats.posts.has(post) && (named === null || named === post));
  if (own.length > 0) return own;
  const titles = directors.map((post) => structure.post(post)?.title ?? post);
  throw new DomainError(
    'not_allowed',
    named === null
      ? `Only whoever holds one of these posts decides on this: ${titles.join(', ')}.`
      : `You decide only by a post that you hold and that approves this: ${titles.join(', ')}. Leave out post to decide by your own.`,
    named === null
      ? `只有担任以下职务的人员可以审定：${titles.join('、')}。`
      : `只能以本人担任的审定职务（${titles.join('、')}）审定；可不填 post。`,
    named === null ? null : '/post',
  );
}

function find({ moves }: ExistingProblem, number: number): MoveRecord {
  const request = moves.find((move) => move.number === number && move.to === 'prefecture');
  if (request !== undefined) return request;
  throw new DomainError(
    'not_found',
    `There is no request ${number} to move this problem to the prefecture.`,
    `没有第${number}号提交州级的申请。`,
  );
}

function settled(status: Exclude<MoveRecord['status'], 'pending'>): DomainError {
  switch (status) {
    case 'void':
      return new DomainError(
        'wrong_status',
        'The problem was solved meanwhile; there is nothing left to decide.',
        '问题已经解决，无需再审定。',
      );
    case 'refused':
      return new DomainError(
        'already_decided',
        'This request has been refused; have the unit ask again.',
        '该申请已被否决；如仍需提交，请由责任单位重新申请。',
      );
    case 'approved':
      return new DomainError(
        'already_decided',
        'This request has been approved, and the problem lies with the prefecture.',
        '该申请已审定通过，问题已提交州级。',
      );
  }
}

function approvedAlready(): DomainError {
  return new DomainError(
    'already_decided',
    'You have approved this already; only the other director can still refuse it.',
    '您已审定同意；尚未审定的另一位负责人可以否决。',
  );
}
