import { refKey } from '@duban/application';
import type { Instant } from '@duban/calendar';
import type { Recipient } from '@duban/domain';
import type { Made } from './cloud.ts';
import { addressedIn, type Report, type Told } from './findings.ts';
import { type Appointed, isNow } from './people.ts';
import { type Held, POSTS, UNITS } from './world.ts';

/**
 * Each step and reminder went to whoever held the post at that instant, by the appointments as they were asked for. While
 * an appointment is being written, both the former and the new holder are right.
 */
export function checkRecipients(
  { head, events }: Told,
  made: ReadonlyMap<number, Made>,
  appointments: readonly Appointed[],
  report: Report,
): void {
  for (const { event, version, meta } of events) {
    const recipients = addressedIn(event);
    if (recipients === null) continue;
    const [from, to] = made.get(version)?.turns ?? [0, Number.POSITIVE_INFINITY];
    for (const recipient of recipients) {
      const post = postOf(recipient);
      const changes = appointments.filter((appointed) => appointed.post === null || appointed.post === post);
      const holders = inForceBetween(changes, from, to).map(({ held }) => holderOf(post, held, meta.at));
      if (holders.some((holder) => holder === recipient.person)) continue;
      const expected = holders.map((holder) => holder ?? 'nobody').join(' or ');
      report(
        'wrong holder',
        refKey(head.ref),
        `version ${version}: ${recipient.mailbox} was taken to be held by ${recipient.person}, not ${expected}`,
      );
    }
  }
}

/** The changes of a post up to which may have been read in these turns. */
function inForceBetween(appointments: readonly Appointed[], from: number, to: number): readonly Appointed[] {
  return appointments.filter((appointed, index) => {
    const next = appointments.slice(index + 1).find(({ inForce }) => inForce !== null && inForce < from);
    return appointed.begun <= to && next === undefined;
  });
}

function postOf({ mailbox }: Recipient): string {
  const code = mailbox.slice(mailbox.indexOf(':') + 1);
  const unit = UNITS.find((each) => each === code);
  return mailbox.startsWith('unit:') && unit !== undefined ? POSTS[unit][0] : code;
}

function holderOf(post: string, held: readonly Held[], at: Instant): string | null {
  return held.find((one) => one.post === post && isNow(one, at))?.person ?? null;
}
