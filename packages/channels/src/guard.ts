import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressRules, Verdict } from './address-rules.ts';
import { createSystemResolver, type Resolver } from './resolver.ts';

/** A connection that is not made. Names no host and no address: it may end in a log. */
export class Refused extends Error {
  readonly fault: 'forbidden_address' | 'unresolved';

  constructor(fault: Refused['fault']) {
    super(fault);
    this.name = 'Refused';
    this.fault = fault;
  }
}

export interface Guard {
  /** Whose connections go to permitted addresses alone. */
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
  /** @param url - whose host may be an address, for which no lookup is made. @throws Refused */
  checkLiteral(url: URL): void;
  close(): void;
}

export interface GuardOptions {
  readonly rules: AddressRules;
  readonly resolve?: Resolver | undefined;
  /** Certificates (PEM) to trust instead of the system's. */
  readonly ca?: string | undefined;
}

/** Connections to one host at the most; more requests wait, and their wait counts for their time limit. */
const MAX_SOCKETS_PER_HOST = 32;
/** An unused connection is closed before most servers do (5 s with Node, 60 s with nginx). */
const IDLE_MS = 4_000;

/**
 * Connections that only reach what the rules permit. The check is the socket's own lookup: the address that was judged is
 * the one connected to, so a name that answers otherwise the second time gains nothing. Unencrypted connections reach
 * allowed ranges alone.
 */
export function createGuard({ rules, resolve = createSystemResolver(), ca }: GuardOptions): Guard {
  const shared = { keepAlive: true, maxSockets: MAX_SOCKETS_PER_HOST, timeout: IDLE_MS };
  const http = new HttpAgent({ ...shared, lookup: guardedLookup(rules, resolve, UNENCRYPTED) });
  const https = new HttpsAgent({
    ...shared,
    ...(ca === undefined ? {} : { ca }),
    lookup: guardedLookup(rules, resolve, ENCRYPTED),
  });
  return {
    http,
    https,
    checkLiteral: (url) => {
      const host = url.hostname.replace(/^\[|\]$/g, '');
      const permitted = url.protocol === 'https:' ? ENCRYPTED : UNENCRYPTED;
      if (isIP(host) !== 0 && !permitted.has(rules.judge(host))) throw new Refused('forbidden_address');
    },
    close: () => {
      http.destroy();
      https.destroy();
    },
  };
}

const ENCRYPTED: ReadonlySet<Verdict> = new Set(['public', 'allowed']);
const UNENCRYPTED: ReadonlySet<Verdict> = new Set(['allowed']);

function guardedLookup(rules: AddressRules, resolve: Resolver, permitted: ReadonlySet<Verdict>): LookupFunction {
  const addressesOf = async (hostname: string) => {
    const found = await resolve(hostname).catch(() => []);
    if (found.length === 0) throw new Refused('unresolved');
    const reachable = found.filter((address) => permitted.has(rules.judge(address)));
    if (reachable.length === 0) throw new Refused('forbidden_address');
    return reachable.map((address) => ({ address, family: isIP(address) }));
  };
  return (hostname, options, callback) => {
    addressesOf(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true || first === undefined) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error, []),
    );
  };
}
