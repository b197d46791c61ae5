import type { Instant } from '@duban/calendar';
import { CHANNEL_KINDS, type ExistingSubscription, type SealedAddress } from '@duban/domain';
import type { Dependencies } from '../dependencies.ts';
import type { ChannelAddress } from './message.ts';

/** As it is sealed. A webhook's secrets each with an end; null: none. */
type StoredAddress =
  | Exclude<ChannelAddress, { readonly kind: 'webhook' }>
  | { readonly kind: 'webhook'; readonly url: string; readonly secrets: readonly Secret[] };

interface Secret {
  readonly value: string;
  readonly until: Instant | null;
}

/** A sealed address opens for its own subscription alone: moved to another it would lead a unit's notices astray. */
const purposeOf = (jurisdiction: string, id: string) => `subscription/${jurisdiction}/${id}`;

/** What is kept of an address. */
export async function sealAddress(
  { sealer }: Pick<Dependencies, 'sealer'>,
  jurisdiction: string,
  id: string,
  address: ChannelAddress,
): Promise<SealedAddress> {
  const stored: StoredAddress =
    address.kind === 'webhook'
      ? { ...address, secrets: address.secrets.map((value) => ({ value, until: null })) }
      : address;
  return {
    sealed: await sealer.seal(JSON.stringify(stored), purposeOf(jurisdiction, id)),
    shown: shownAddress(address),
    endpoint: (await sealer.fingerprint(`${address.kind} ${targetOf(address)}`, 'endpoint')).slice(0, 32),
  };
}

/** The sealed address with a new secret first; the former one signs beside it until `formerUntil`. Older ones end. */
export async function sealRotated(
  { sealer }: Pick<Dependencies, 'sealer'>,
  jurisdiction: string,
  { id, sealed }: ExistingSubscription,
  secret: string,
  formerUntil: Instant,
): Promise<string | null> {
  const stored = await openStored(sealer, jurisdiction, id, sealed);
  if (stored?.kind !== 'webhook') return null;
  const [former] = stored.secrets;
  const secrets = [
    { value: secret, until: null },
    ...(former === undefined ? [] : [{ ...former, until: formerUntil }]),
  ];
  return sealer.seal(JSON.stringify({ ...stored, secrets }), purposeOf(jurisdiction, id));
}

/** The address to send to at an instant; null when it can no longer be opened. */
export async function openAddress(
  { sealer }: Pick<Dependencies, 'sealer'>,
  jurisdiction: string,
  { id, sealed }: ExistingSubscription,
  at: Instant,
): Promise<ChannelAddress | null> {
  const stored = await openStored(sealer, jurisdiction, id, sealed);
  if (stored?.kind !== 'webhook') return stored;
  const secrets = stored.secrets.filter(({ until }) => until === null || at < until).map(({ value }) => value);
  return { ...stored, secrets };
}

async function openStored(
  sealer: Dependencies['sealer'],
  jurisdiction: string,
  id: string,
  sealed: string,
): Promise<StoredAddress | null> {
  const text = await sealer.open(sealed, purposeOf(jurisdiction, id));
  if (text === null) return null;
  const stored = JSON.parse(text) as Partial<StoredAddress>;
  // What opens was sealed here for this very subscription: its kind alone could be of a later version.
  return CHANNEL_KINDS.some((kind) => kind === stored.kind) ? (stored as StoredAddress) : null;
}

function targetOf(address: ChannelAddress): string {
  switch (address.kind) {
    case 'mail':
      return address.to.toLowerCase();
    case 'sms':
      return address.phone;
    default:
      return address.url;
  }
}

/** Enough to know an address by, and too little to use it: a robot's key is in its URL. */
function shownAddress(address: ChannelAddress): string {
  switch (address.kind) {
    case 'mail': {
      const at = address.to.lastIndexOf('@');
      return `${address.to.slice(0, 1)}***${address.to.slice(at)}`;
    }
    case 'sms':
      return `${address.phone.slice(0, -8)}****${address.phone.slice(-4)}`;
    default:
      return `${new URL(address.url).origin}/…${address.url.slice(-4)}`;
  }
}
