import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.parse>;
type Range = readonly [Address, number];

/** What an address is to us: anybody's, one the operator named, or one that nothing of ours may reach. */
export type Verdict = 'public' | 'allowed' | 'forbidden';

export interface AddressRules {
  /** @param address - IPv4 or IPv6 as a socket takes it; anything else is forbidden */
  judge(address: string): Verdict;
}

/**
 * Where clouds keep credentials for whoever asks: AWS, Azure, Google, Tencent and Huawei at link-local addresses and
 * ranges of their own, Alibaba at 100.100.100.200, Azure's wire server at a public one. No setting opens these.
 */
const METADATA: readonly Range[] = [
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  'fd00:ec2::/32',
  'fd20:ce::/32',
].map((cidr) => ipaddr.parseCIDR(cidr));

/** What IANA gives to the internet (RFC 4291 2.4); ipaddr.js takes all it has no name for, `::7f00:1` too, for unicast. */
const GLOBAL_UNICAST: Range = ipaddr.parseCIDR('2000::/3');

/** IPv4-mapped, NAT64, 6to4, Teredo: they lead to the IPv4 address inside, which no rule for IPv6 has seen. */
const CARRIES_ANOTHER: ReadonlySet<string> = new Set(['ipv4Mapped', 'rfc6145', 'rfc6052', '6to4', 'teredo']);

/**
 * Public unicast addresses and the named ranges, nothing else.
 * @param allow - ranges that passed {@link parseAllowedRange}
 */
export function createAddressRules(allow: readonly string[]): AddressRules {
  const allowed = allow.map((cidr) => ipaddr.parseCIDR(cidr));
  return {
    judge: (text) => {
      const address = isIP(text) === 0 ? null : ipaddr.parse(text);
      if (address === null || CARRIES_ANOTHER.has(address.range())) return 'forbidden';
      if (METADATA.some((range) => contains(range, address))) return 'forbidden';
      if (allowed.some((range) => contains(range, address))) return 'allowed';
      return isPublic(address) ? 'public' : 'forbidden';
    },
  };
}

/** A range in its normal form; null when it is none, or would open a metadata address. */
export function parseAllowedRange(text: string): string | null {
  if (!ipaddr.isValidCIDR(text)) return null;
  const range = ipaddr.parseCIDR(text);
  if (METADATA.some((metadata) => overlap(metadata, range))) return null;
  return `${range[0].toString()}/${range[1]}`;
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || contains(GLOBAL_UNICAST, address);
}

/** ipaddr.js throws when asked whether an address of one kind lies in a range of the other. */
function contains([base, bits]: Range, address: Address): boolean {
  return base.kind() === address.kind() && address.match(base, bits);
}

function overlap(one: Range, other: Range): boolean {
  const [wide, narrow] = one[1] <= other[1] ? [one, other] : [other, one];
  return contains(wide, narrow[0]);
}
