import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestSystem, type TestSystem } from '../system.ts';
import { all, type Client, type County, countyOf, SUPERVISION } from './county.ts';
import {
  bundle,
  entries,
  entryOf,
  expected,
  FIRST,
  type Happened,
  happened,
  LADDERS_END,
  LAST,
  OPENED,
  order,
  ownerOf,
  reportsIssued,
  standing,
  YEAR_ENDS,
} from './gazette-walk.ts';

interface Summary {
  readonly id: string;
  readonly code: string;
  readonly owner: { readonly post: string | null; readonly unit: { readonly code: string } };
}
interface Duty extends Summary {
  readonly status: string;
  readonly missed: number;
  readonly periods: readonly { readonly key: string; readonly due: string; readonly status: string }[];
  readonly escalations: readonly { readonly at: string; readonly mailboxes: readonly string[] }[];
}
interface Event {
  readonly type: string;
  readonly at: string;
  readonly data: {
    readonly dueAt?: string;
    readonly step?: number;
    readonly recipients?: readonly { readonly mailbox: string }[];
  };
}
interface Read {
  readonly duty: Duty;
  readonly events: readonly Event[];
}
interface Notice {
  readonly itemId: string;
  readonly kind: string;
  readonly at: string;
  readonly due: string | null;
}
interface Digest {
  readonly mailbox: string;
  readonly kinds: Readonly<Record<string, number>>;
  readonly items: readonly Notice[];
  readonly more: number;
}
/** One owner's share of a duty. */
interface Stream {
  readonly code: string;
  readonly owner: string;
}

const named = ({ code, owner }: Stream) => `${code} of ${owner}`;
const streamOf = ({ code, owner: { post, unit } }: Summary): string =>
  named({ code, owner: post === null ? `unit:${unit.code}` : `post:${post}` });

/** What had ended before the gazette was imported asks nobody for anything. */
const streams = bundle.duties.flatMap(({ code, owners }): readonly Stream[] =>
  standing(entryOf(code))[1] < FIRST ? [] : owners.map((owner) => ({ code, owner })),
);

async function readAll(client: Client, summaries: readonly Summary[]): Promise<ReadonlyMap<string, Read>> {
  const found = new Map<string, Read>();
  const left = [...summaries];
  const reader = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const path = `/v1/duties/${encodeURIComponent(next.id)}`;
      const { status, body } = await client.get<Duty>(path);
      if (status !== 200) throw new Error(`${path} answered ${status}.`);
      found.set(streamOf(next), { duty: body, events: await all<Event>(client, `${path}/events?limit=200`) });
    }
  };
  await Promise.all(Array.from({ length: 8 }, reader));
  return found;
}

/** Whom falling behind was told does not stand in the event; the inbox is asked for it. */
function eventsOf({ events }: Read, owner: string): Happened[] {
  return events.map(({ type, at, data }) =>
    happened(at, type, {
      due: data.dueAt ?? null,
      step: data.step ?? null,
      to: type === 'DutyFellBehind' ? [owner] : (data.recipients ?? []).map(({ mailbox }) => mailbox),
    }),
  );
}

function countBy(kinds: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

describe('all duties of the gazette, from 2023-05-30 to 2023-12-31', () => {
  let system: TestSystem;
  let county: County;
  let supervision: Client;
  let listed: readonly Summary[];
  let read: ReadonlyMap<string, Read>;

  beforeAll(async () => {
    system = await createTestSystem({ now: Date.parse(OPENED), bundle: 'duties of luxi' });
    county = countyOf(system);
    supervision = county.as(SUPERVISION);
    await county.advance(YEAR_ENDS);
    listed = await all<Summary>(supervision, '/v1/duties?limit=200');
    await county.advance(LADDERS_END);
    read = await readAll(supervision, listed);
  }, 600_000);
  afterAll(() => system.close());

  function readOf(stream: Stream): Read {
    const found = read.get(named(stream));
    if (found === undefined) throw new Error(`${named(stream)} is not there.`);
    return found;
  }

  it('stand in the list, once for each owner, but for the two that had ended before', () => {
    expect(bundle.duties).toHaveLength(485);
    expect(new Set(bundle.duties.map(({ code }) => entryOf(code).code)).size).toBe(entries.size);
    const running = new Set(streams.map(({ code }) => code));
    const past = bundle.duties.map(({ code }) => code).filter((code) => !running.has(code));
    expect(past.sort()).toEqual(['zhengbanhan-35.dongyuan-huiyi', 'zhengbanhan-35.xuanchuan-fadong']);
    expect(listed.map(streamOf).sort()).toEqual(streams.map(named).sort());
    expect(streams).toHaveLength(1572);
  });

  it('fell due on the days their entries tell, no more and no fewer, and were missed', () => {
    let periods = 0;
    for (const stream of streams) {
      const { due } = expected(stream.code, stream.owner);
      const { duty } = readOf(stream);
      const past = duty.periods.filter((period) => Date.parse(period.due) <= Date.parse(YEAR_ENDS));
      const whole = { due: past.map((period) => period.due), status: past.map(({ status }) => status) };
      expect(whole, named(stream)).toEqual({ due, status: due.map(() => 'missed') });
      expect(duty.missed, named(stream)).toBe(due.length);
      expect(new Set(duty.periods.map(({ key }) => key)).size, named(stream)).toBe(duty.periods.length);
      // What is not due by then runs on, one turn at the most.
      expect(['', 'running'], named(stream)).toContain(
        duty.periods
          .slice(past.length)
          .map(({ status }) => status)
          .join(),
      );
      const ends = standing(entryOf(stream.code))[1] <= LAST;
      expect(duty.status, named(stream)).toBe(ends ? 'ended' : 'active');
      periods += due.length;
    }
    expect(periods).toBe(987);
  });

  it('told the owner a working day before, then the office, the deputy leader, the leader and the supervision office', () => {
    let steps = 0;
    for (const stream of streams) {
      const { events } = expected(stream.code, stream.owner);
      const { duty, events: recorded } = readOf(stream);
      const found = eventsOf({ duty, events: recorded }, ownerOf(stream.owner));
      expect(found.sort(order), named(stream)).toEqual(events.sort(order));
      const raised = events.filter(({ type }) => type === 'Escalated').map(({ at, to }) => ({ at, mailboxes: to }));
      expect(
        duty.escalations.map(({ at, mailboxes }) => ({ at, mailboxes })),
        named(stream),
      ).toEqual(raised);
      steps += raised.length;
    }
    expect(steps).toBe(987 * 3);
  });

  it('reached those people’s inboxes, each notice once; without a schedule nobody heard but of the opening', async () => {
    const KINDS: Readonly<Record<string, string>> = {
      ...{ UnitReminded: 'reminder', Escalated: 'escalation', DutyFellBehind: 'duty_behind' },
    };
    const wanted = new Map<string, { kind: string; line: string }[]>();
    const lineOf = ({ itemId, kind, at, due }: Notice) => [itemId, kind, at, due].join(' ');
    const tell = (mailbox: string, notice: Notice) => {
      const lines = wanted.get(mailbox) ?? [];
      wanted.set(mailbox, lines);
      lines.push({ kind: notice.kind, line: lineOf(notice) });
    };
    for (const stream of streams) {
      const { id } = readOf(stream).duty;
      tell(ownerOf(stream.owner), { itemId: id, kind: 'duty_opened', at: OPENED, due: null });
      for (const { at, type, due, to } of expected(stream.code, stream.owner).events) {
        for (const mailbox of to) tell(mailbox, { itemId: id, kind: KINDS[type] ?? type, at, due });
      }
    }
    for (const { id, at, to } of reportsIssued()) {
      for (const mailbox of to) tell(mailbox, { itemId: id, kind: 'report_issued', at, due: null });
    }
    const digests = new Map<string, Digest[]>();
    for (const { code } of bundle.units) {
      for (const digest of await all<Digest>(supervision, `/v1/inbox?unit=${code}&limit=50`)) {
        digests.set(digest.mailbox, [...(digests.get(digest.mailbox) ?? []), digest]);
      }
    }
    expect([...digests.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [mailbox, found] of digests) {
      const lines = wanted.get(mailbox) ?? [];
      const kinds = found.flatMap((digest) =>
        Object.entries(digest.kinds).flatMap(([kind, count]) => Array.from({ length: count }, () => kind)),
      );
      expect(countBy(kinds), mailbox).toEqual(countBy(lines.map(({ kind }) => kind)));
      const shown = found.flatMap(({ items }) => items.map(lineOf));
      expect(new Set(shown).size, mailbox).toBe(shown.length);
      const all = new Set(lines.map(({ line }) => line));
      expect(
        shown.filter((line) => !all.has(line)),
        mailbox,
      ).toEqual([]);
      // A long digest shows its worst only; its kinds count the rest.
      const more = found.reduce((sum, digest) => sum + digest.more, 0);
      expect(shown.length + more, mailbox).toBe(lines.length);
    }
    const quiet = streams.filter(({ code }) => ['event', 'unspecified'].includes(entryOf(code).period.every));
    expect(quiet).toHaveLength(681 + 523);
    for (const stream of quiet) {
      expect(
        readOf(stream)
          .events.map(({ type }) => type)
          .filter((type) => type !== 'DutyEnded'),
      ).toEqual(['DutyOpened']);
    }
  }, 300_000);
});
