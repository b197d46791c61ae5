import { aggregateRef, type Dependencies, type StreamRef, verifyStream } from '@duban/application';
import { AnchorError, type Anchored, faultAgainst, readAnchor, writeAnchor } from './anchor.ts';
import { print } from './print.ts';

export interface AuditOptions {
  /** One aggregate; all of them when left out. */
  readonly aggregate?: string | undefined;
  /** A file to write, where every chain stands now. */
  readonly anchor?: string | undefined;
  /** Such a file of earlier: what it holds must still be there. */
  readonly against?: string | undefined;
}

/** Walks the hash chains of one aggregate, or of all, and names each fault; answers whether they hold. */
export async function auditVerify(
  { store }: Pick<Dependencies, 'store'>,
  jurisdiction: string,
  { aggregate, anchor, against }: AuditOptions = {},
  say: (line: string) => void = print,
): Promise<boolean> {
  const ref = aggregate === undefined ? null : namedRef(jurisdiction, aggregate);
  if (aggregate !== undefined && ref === null) return false;
  const before = against === undefined ? null : readOr(say, against);
  if (before === undefined) return false;
  const chains: Anchored[] = [];
  let faults = 0;
  const name = ({ jurisdiction: where, id }: StreamRef, version: number, fault: string) => {
    faults += 1;
    say(`${where} ${id} version ${version}: ${fault}`);
  };
  let checked = 0;
  for await (const each of ref === null ? store.scanStreams(null) : [ref]) {
    const verdict = await verifyStream(store, each);
    checked += 1;
    if (!verdict.ok) name(each, verdict.version, verdict.fault);
    else if (verdict.hash !== null) chains.push({ ref: each, version: verdict.versions, hash: verdict.hash });
  }
  for (const anchored of before?.chains ?? []) {
    const fault = await faultAgainst(store, anchored);
    if (fault !== null) name(anchored.ref, anchored.version, fault);
  }
  say(`已核验 ${checked} 条链，${faults} 处不符。 ${checked} chains verified, ${faults} faults.`);
  if (before !== null)
    say(`对照 ${before.chains.length} 条链。 Compared with ${before.chains.length}: ${before.digest}`);
  if (anchor !== undefined && faults === 0) {
    say(`已锚定 ${chains.length} 条链。 ${chains.length} chains anchored: ${writeAnchor(anchor, chains)}`);
  }
  return faults === 0;
}

/** Undefined when it cannot be read, which it says. */
function readOr(say: (line: string) => void, file: string): ReturnType<typeof readAnchor> | undefined {
  try {
    return readAnchor(file);
  } catch (error) {
    if (!(error instanceof AnchorError)) throw error;
    say(error.message);
    return undefined;
  }
}

/** Prints an aggregate's head and events. */
export async function show({ store }: Pick<Dependencies, 'store'>, jurisdiction: string, id: string): Promise<boolean> {
  const ref = namedRef(jurisdiction, id);
  if (ref === null) return false;
  const head = await store.load(ref);
  if (head === null) {
    print(`没有 ${ref.id}。 There is no ${ref.id}.`);
    return false;
  }
  print(JSON.stringify({ head, events: await store.read(ref) }, null, 2));
  return true;
}

/** Says so when the words name nothing. */
function namedRef(jurisdiction: string, id: string): StreamRef | null {
  const ref = aggregateRef(jurisdiction, id);
  if (ref === null) {
    print(
      `“${id}”不是编号。 Not an id: task_…, incident_…, duty_…, problem_…, report_…, digest_…, subscription_…, delivery_… or structure.`,
    );
  }
  return ref;
}
