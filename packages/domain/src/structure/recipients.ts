import type { Instant } from '@duban/calendar';
import type { Target } from '../escalation/policy.ts';
import type { Structure } from './structure.ts';
import type { Group } from './types.ts';

export const SEATS = [
  'unit',
  'office',
  'director',
  'deputy_director',
  'host_unit_head',
  'deputy_leader',
  'leader',
  'parent_jurisdiction',
  'administrator',
  'owner',
  'leader_in_charge',
  'main_leader',
] as const;

/** One seat that was tried on the way to a recipient, and what was found there. */
export interface PathStep {
  readonly seat: (typeof SEATS)[number];
  /** Post, unit or group code. */
  readonly code: string | null;
  readonly found: 'holder' | 'vacant' | 'unset' | 'addressed';
}

/** Who is told, and how that was found. */
export interface Recipient {
  /** `post:<code>`, `unit:<code>`, `jurisdiction:<code>` or `administrators`. Where inbox and digest collect. */
  readonly mailbox: string;
  readonly post: string | null;
  readonly unit: string | null;
  /** Holder at that instant; null when a unit without a known head is told. */
  readonly person: string | null;
  readonly path: readonly PathStep[];
}

/** What an item says about who answers for it. */
export interface Answerable {
  /** Null: no group answers for it; its ladder climbs past one. */
  readonly group: string | null;
  readonly leadUnits: readonly string[];
  /** Posts that owe it, beside or instead of units. */
  readonly leadPosts?: readonly string[];
  /** The unit that asked for it. */
  readonly requester?: string | null;
}

/**
 * Resolves a ladder's targets to seats at an instant. Vacant → deputy → host unit's head → parent group's office → the
 * jurisdiction's administrators, at once and recorded: the result is never empty. Recipients named twice are told once.
 */
export function resolveTargets(
  structure: Structure,
  at: Instant,
  item: Answerable,
  targets: readonly Target[],
): readonly Recipient[] {
  const found = new Map<string, Recipient>();
  for (const target of targets) {
    for (const recipient of resolveTarget(structure, at, item, target)) {
      if (!found.has(recipient.mailbox)) found.set(recipient.mailbox, recipient);
    }
  }
  return [...found.values()];
}

function resolveTarget(structure: Structure, at: Instant, item: Answerable, target: Target): readonly Recipient[] {
  switch (target) {
    case 'lead_unit':
      return [
        ...item.leadUnits.map((unit) => unitRecipient(structure, at, unit, [])),
        ...(item.leadPosts ?? []).map((post) => postRecipient(structure, at, post, 'owner')),
      ];
    case 'office':
      return item.group === null && item.requester != null
        ? [unitRecipient(structure, at, item.requester, [])]
        : [officeRecipient(structure, at, item.group, [], new Set())];
    case 'deputy_leader':
      return [leaderRecipient(structure, at, item.group, false)];
    case 'group_leader':
      return [leaderRecipient(structure, at, item.group, true)];
    case 'supervision_office':
      return supervisionRecipients(structure, at);
    case 'parent_jurisdiction':
      return [parentRecipient(structure, at)];
    case 'requester':
      return item.requester == null
        ? [officeRecipient(structure, at, item.group, [], new Set())]
        : [unitRecipient(structure, at, item.requester, [])];
    case 'incident_offices':
    case 'leader_in_charge':
    case 'main_leaders':
    case 'incident_supervision':
      return countyRecipients(structure, at, item, target);
  }
}

/** The seat a unit's mail goes to: the unit itself, its head named when there is one. */
export function unitRecipient(structure: Structure, at: Instant, unit: string, path: readonly PathStep[]): Recipient {
  const head = structure.headPost(unit);
  const person = head === null ? null : structure.holder(head.code, at);
  return {
    mailbox: `unit:${unit}`,
    post: head?.code ?? null,
    unit,
    person: person?.code ?? null,
    path: [...path, { seat: 'unit', code: unit, found: 'addressed' }],
  };
}

type Seat = readonly [seat: PathStep['seat'], post: string | null];

/** Whoever holds the post; vacant, its unit is told, so that it reaches somebody who can act. */
export function postRecipient(structure: Structure, at: Instant, code: string, seat: PathStep['seat']): Recipient {
  return firstHeld(structure, at, [[seat, code]], [], (walked) => {
    const unit = structure.post(code)?.unit;
    return unit === undefined
      ? administratorRecipient(structure, at, walked)
      : unitRecipient(structure, at, unit, walked);
  });
}

/** Whom an incident is told to, up the county: offices, the leader in charge, the main leaders, both supervision offices. */
function countyRecipients(
  structure: Structure,
  at: Instant,
  item: Answerable,
  target: 'incident_offices' | 'leader_in_charge' | 'main_leaders' | 'incident_supervision',
): readonly Recipient[] {
  const { incidentOffices, mainLeaders, incidentSupervision, supervisionUnits } = structure.jurisdiction;
  const units = (codes: readonly string[]) =>
    codes.length === 0
      ? [administratorRecipient(structure, at, [])]
      : codes.map((unit) => unitRecipient(structure, at, unit, []));
  switch (target) {
    case 'incident_offices':
      return units(incidentOffices);
    case 'incident_supervision':
      return units(incidentSupervision.length === 0 ? supervisionUnits : incidentSupervision);
    case 'main_leaders':
      return mainLeaders.length === 0
        ? [administratorRecipient(structure, at, [])]
        : mainLeaders.map((post) => mainLeaderRecipient(structure, at, [['main_leader', post]]));
    case 'leader_in_charge': {
      const inCharge = item.leadUnits.map((unit) => structure.unit(unit)?.leaderInCharge ?? null);
      const known = inCharge.filter((post) => post !== null);
      // Where nobody is known to be in charge, the main leaders must not be the last to hear.
      if (known.length === 0) return [mainLeaderRecipient(structure, at, [['leader_in_charge', null]])];
      return known.map((post) => mainLeaderRecipient(structure, at, [['leader_in_charge', post]]));
    }
  }
}

/** The given seat's holder, else the first main leader there is. */
function mainLeaderRecipient(structure: Structure, at: Instant, seats: readonly Seat[]): Recipient {
  const others = structure.jurisdiction.mainLeaders.map((post): Seat => ['main_leader', post]);
  return firstHeld(structure, at, [...seats, ...others], [], (walked) => administratorRecipient(structure, at, walked));
}

function officeRecipient(
  structure: Structure,
  at: Instant,
  groupCode: string | null,
  path: readonly PathStep[],
  seen: ReadonlySet<string>,
): Recipient {
  const group = groupCode === null ? null : structure.group(groupCode);
  if (group === null || seen.has(group.code)) return administratorRecipient(structure, at, path);
  const office = group.office;
  const walked = [
    ...path,
    { seat: 'office', code: group.code, found: office === null ? 'unset' : 'addressed' } as PathStep,
  ];
  const seats: readonly Seat[] =
    office === null
      ? []
      : [
          ['director', office.director],
          ['deputy_director', office.deputyDirector],
          ['host_unit_head', structure.headPost(office.hostUnit)?.code ?? null],
        ];
  return firstHeld(structure, at, seats, walked, (rest) =>
    climb(structure, at, group, rest, new Set([...seen, group.code])),
  );
}

function leaderRecipient(structure: Structure, at: Instant, groupCode: string | null, leaderFirst: boolean): Recipient {
  const group = groupCode === null ? null : structure.group(groupCode);
  if (group === null) return administratorRecipient(structure, at, []);
  const deputies: readonly Seat[] = [group.firstDeputy, ...group.deputies]
    .filter((post) => post !== null)
    .map((post) => ['deputy_leader', post]);
  const leader: Seat = ['leader', group.leader];
  const host: Seat = [
    'host_unit_head',
    group.office === null ? null : (structure.headPost(group.office.hostUnit)?.code ?? null),
  ];
  const seats = leaderFirst ? [leader, ...deputies, host] : [...deputies, leader, host];
  return firstHeld(structure, at, seats, [], (rest) => climb(structure, at, group, rest, new Set([group.code])));
}

function firstHeld(
  structure: Structure,
  at: Instant,
  seats: readonly Seat[],
  path: readonly PathStep[],
  otherwise: (path: readonly PathStep[]) => Recipient,
): Recipient {
  const walked = [...path];
  for (const [seat, code] of seats) {
    const post = code === null ? null : structure.post(code);
    const person = post === null ? null : structure.holder(post.code, at);
    if (post !== null && person !== null) {
      return {
        mailbox: `post:${post.code}`,
        post: post.code,
        unit: post.unit,
        person: person.code,
        path: [...walked, { seat, code, found: 'holder' }],
      };
    }
    walked.push({ seat, code, found: post === null ? 'unset' : 'vacant' });
  }
  return otherwise(walked);
}

function climb(
  structure: Structure,
  at: Instant,
  group: Group,
  path: readonly PathStep[],
  seen: ReadonlySet<string>,
): Recipient {
  return group.parent === null
    ? administratorRecipient(structure, at, path)
    : officeRecipient(structure, at, group.parent, path, seen);
}

function administratorRecipient(structure: Structure, at: Instant, path: readonly PathStep[]): Recipient {
  const seats: readonly Seat[] = structure.jurisdiction.administratorPosts.map((post) => ['administrator', post]);
  return firstHeld(structure, at, seats, path, (walked) => ({
    mailbox: 'administrators',
    post: null,
    unit: null,
    person: null,
    path: walked,
  }));
}

function supervisionRecipients(structure: Structure, at: Instant): readonly Recipient[] {
  const units = structure.jurisdiction.supervisionUnits;
  if (units.length === 0) return [administratorRecipient(structure, at, [])];
  return units.map((unit) => unitRecipient(structure, at, unit, []));
}

/** A jurisdiction's mail is read by the supervision office, which reports upward; without a parent the ladder stays inside. */
function parentRecipient(structure: Structure, at: Instant): Recipient {
  const parent = structure.jurisdiction.parent;
  if (parent === null)
    return administratorRecipient(structure, at, [{ seat: 'parent_jurisdiction', code: null, found: 'unset' }]);
  return {
    mailbox: `jurisdiction:${parent}`,
    post: null,
    unit: null,
    person: null,
    path: [{ seat: 'parent_jurisdiction', code: parent, found: 'addressed' }],
  };
}
