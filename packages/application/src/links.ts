import type { Instant } from '@duban/calendar';
import type { Dependencies } from './dependencies.ts';

const PURPOSE = 'acknowledge-link';

/** What a link in a mail stands for. */
export interface LinkClaim {
  readonly jurisdiction: string;
  readonly escalationId: string;
  /** Whom it was sent to; nobody else acknowledges with it. */
  readonly person: string;
  /** In whose place; who no longer holds that post acknowledges no more. */
  readonly mailbox: string;
  readonly expiresAt: Instant;
}

/** The token of a link that acknowledges an escalation once. */
export function acknowledgeLink(deps: Pick<Dependencies, 'sealer' | 'ids'>, claim: LinkClaim): Promise<string> {
  return deps.sealer.seal(JSON.stringify({ ...claim, id: deps.ids.next('link') }), PURPOSE);
}
