import { aggregateRef, type Dependencies, type EventStore, type StreamRef } from '@duban/application';
import { print } from './print.ts';

/** Walks the hash chains of one aggregate, or of all; answers whether they hold. */
export async function auditVerify(
  { store }: Pick<Dependencies, 'store'>,
  jurisdiction: string,
  named: string | undefined,
): Promise<boolean> {
  const ref = named === undefined ? null : namedRef(jurisdiction, named);
  if (named !== undefined && ref === null) return false;
  let checked = 0;
  let faults = 0;
  for await (const each of ref === null ? allRefs(store) : [ref]) {
    const verdict = await store.verify(each);
    checked += 1;
    if (verdict.ok) continue;
    faults += 1;
    print(`${each.id} version ${verdict.version}: ${verdict.fault}`);
  }
  print(`已核验 ${checked} 条链，${faults} 处不符。 ${checked} chains verified, ${faults} faults.`);
  return faults === 0;
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

async function* allRefs(store: EventStore): AsyncIterable<StreamRef> {
  for await (const head of store.scanHeads(null)) yield head.ref;
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
