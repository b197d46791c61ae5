import { describe, expect, it } from 'vitest';
import { DATA } from '../../test-support/fixtures.ts';
import { minutes, refusal, running } from '../../test-support/incident-expectations.ts';
import { IncidentRun, reporting, told } from '../../test-support/incident-run.ts';
import { Structure } from '../structure/structure.ts';
import type { IncidentEvent } from './events.ts';

const request = { type: 'RequestUpward', to: '湘西州委办公室', text: '关于民房火灾的报告' } as const;
const send = { type: 'SendUpward', number: 1 } as const;
const review = (given: { office?: string; approved?: boolean; number?: number } = {}) =>
  ({ type: 'ReviewUpward', number: 1, office: null, approved: true, note: null, ...given }) as const;

function requested(): IncidentRun {
  const run = IncidentRun.reported();
  run.giveAt('kgx-head', minutes(30), request);
  return run;
}

describe('a report above the county', () => {
  it('follows a report to the county', () => {
    const run = IncidentRun.signalled();
    expect(() => run.giveAt('kgx-head', minutes(5), request)).toThrow(refusal('wrong_status'));
  });

  it('waits for the review of both offices and is refused without it', () => {
    const run = requested();
    expect(run.events.at(-1)).toStrictEqual({
      ...{ type: 'UpwardRequested', at: minutes(30), by: 'p-kgx-head', number: 1 },
      ...{ to: '湘西州委办公室', text: '关于民房火灾的报告' },
      limit: { ...running('upward_review:1', 'upward_review', minutes(30), { amount: 60, remind: 0 }), reminders: [] },
    } satisfies IncidentEvent);
    expect(() => run.giveAt('kgx-head', minutes(31), send)).toThrow(
      expect.objectContaining({
        code: 'review_missing',
        message: 'A report above the county needs the review of both offices first; still missing: 县xwb, 县zfb.',
        messageZh: '向县以上报告须先经县委办、县政府办审核把关；尚未审核：县xwb、县zfb。',
      }),
    );
    const [first] = run.giveAt('xwb-head', minutes(32), review());
    const reviewed = { type: 'UpwardReviewed', number: 1, approved: true, note: null } as const;
    expect(first).toStrictEqual({ ...reviewed, at: minutes(32), by: 'p-xwb-head', office: 'xwb', complete: false });
    expect(() => run.giveAt('kgx-head', minutes(33), send)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('still missing: 县zfb.') }),
    );
    const [second] = run.giveAt('zfb-head', minutes(34), review());
    expect(second).toStrictEqual({ ...reviewed, at: minutes(34), by: 'p-zfb-head', office: 'zfb', complete: true });
    expect(run.limit('upward_review:1').status).toBe('met');
    const [sent] = run.giveAt('kgx-head', minutes(35), send);
    expect(sent).toStrictEqual({ type: 'UpwardSent', at: minutes(35), by: 'p-kgx-head', number: 1 });
    expect(run.incident.upward).toMatchObject([{ number: 1, status: 'sent' }]);
    expect(run.giveAt('kgx-head', minutes(36), send), 'sent twice').toEqual([]);
    expect(() => run.giveAt('xwb-head', minutes(36), review({ approved: false }))).toThrow(refusal('already_decided'));
  });

  it('refused by one office is refused; it is mended and asked for again', () => {
    const run = requested();
    run.giveAt('xwb-head', minutes(31), review({ approved: false }));
    expect(run.limit('upward_review:1').status).toBe('met');
    expect(() => run.giveAt('zfb-head', minutes(32), review())).toThrow(refusal('already_decided'));
    expect(() => run.giveAt('kgx-head', minutes(32), send)).toThrow(refusal('review_missing'));
    run.giveAt('kgx-head', minutes(33), request);
    for (const office of ['xwb', 'zfb']) run.giveAt(`${office}-head`, minutes(34), review({ number: 2 }));
    expect(run.incident.upward.map(({ status }) => status)).toEqual(['refused', 'approved']);
  });

  it('is reviewed by an office once', () => {
    const run = requested();
    run.giveAt('xwb-head', minutes(31), review());
    expect(run.giveAt('xwb-head', minutes(32), review()), 'the same again').toEqual([]);
    expect(() => run.giveAt('xwb-head', minutes(33), review({ approved: false }))).toThrow(refusal('already_decided'));
    expect(run.incident.upward[0]?.status).toBe('pending');
  });

  it.each([
    ['a stranger', 'kgx-head', {}],
    ['the other office’s name', 'xwb-head', { office: 'zfb' }],
    ['an office that does not review', 'xwb-head', { office: 'dcs' }],
  ])('is not reviewed by %s', (_, person, given) => {
    const run = requested();
    expect(() => run.giveAt(person, minutes(31), review(given))).toThrow(refusal('not_allowed', '/office'));
  });

  it('is reviewed by a person of both offices for each by name', () => {
    const posts = [...DATA.posts, { code: 'xwb-deputy', unit: 'xwb', title: '副主任', head: false }];
    const both = { post: 'xwb-deputy', person: 'p-zfb-head', from: null, to: null };
    const run = requested();
    run.structure = new Structure({ ...DATA, posts, appointments: [...DATA.appointments, both] }, 2);
    expect(() => run.giveAt('zfb-head', minutes(31), review())).toThrow(refusal('not_allowed', '/office'));
    run.giveAt('zfb-head', minutes(31), review({ office: 'xwb' }));
    run.giveAt('zfb-head', minutes(32), review({ office: 'zfb' }));
    expect(run.incident.upward).toMatchObject([
      { status: 'approved', reviews: [{ office: 'xwb' }, { office: 'zfb' }] },
    ]);
  });

  it('names only what there is', () => {
    const run = requested();
    expect(() => run.giveAt('xwb-head', minutes(31), review({ number: 2 }))).toThrow(refusal('not_found'));
    expect(() => run.giveAt('kgx-head', minutes(31), { ...send, number: 2 })).toThrow(refusal('not_found'));
  });

  it('climbs when nobody reviews it, day and night', () => {
    const run = requested();
    run.until('2023-03-10T12:20');
    expect(told(run.events)).toEqual([
      '03-10 11:30 upward_review:1 0 unit:xwb unit:zfb',
      '03-10 11:50 upward_review:1 1 post:second-deputy',
      '03-10 12:20 upward_review:1 2 post:secretary post:mayor unit:dcs unit:xwdcs',
    ]);
  });

  it('may still go up when the incident is closed', () => {
    const run = IncidentRun.reported();
    run.giveAt('kgx-head', minutes(30), reporting('final'));
    run.giveAt('kgx-head', minutes(40), request);
    for (const office of ['xwb', 'zfb']) run.giveAt(`${office}-head`, minutes(41), review());
    expect(run.giveAt('xwb-head', minutes(42), send)).toHaveLength(1);
    expect(run.incident.status).toBe('closed');
  });
});
