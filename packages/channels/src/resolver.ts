import { Resolver as DnsResolver, lookup } from 'node:dns/promises';

/** Every address a name has, as a socket takes them. None where it has none, or rejects. */
export type Resolver = (hostname: string) => Promise<readonly string[]>;

export interface SystemResolverOptions {
  /** Name servers, `address:port`; the system's when left out. */
  readonly servers?: readonly string[];
  /** For one question to one server (ms). */
  readonly timeoutMs?: number;
}

/** What a question ends with when nobody answers it. */
const UNANSWERED: ReadonlySet<unknown> = new Set(['ETIMEOUT', 'ESERVFAIL', 'ECANCELLED']);

/**
 * Asks the name servers themselves. The system's own lookup works in the four threads that all of the process shares: four
 * names whose servers keep silent would hold up every other name for seconds, the ledger's too. It is asked only where the
 * servers have answered that there is no such name, for what is in the hosts file.
 */
export function createSystemResolver({ servers, timeoutMs = 2_000 }: SystemResolverOptions = {}): Resolver {
  const dns = new DnsResolver({ timeout: timeoutMs, tries: 2 });
  if (servers !== undefined) dns.setServers([...servers]);
  return async (hostname) => {
    const answers = await Promise.allSettled([dns.resolve4(hostname), dns.resolve6(hostname)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found;
    if (answers.some((answer) => answer.status === 'rejected' && UNANSWERED.has(answer.reason?.code))) return [];
    return (await lookup(hostname, { all: true, order: 'verbatim' })).map(({ address }) => address);
  };
}
