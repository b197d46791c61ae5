import type { IndexEntry, Page, Projection, ReadOptions, ViewStore } from '@duban/application';

interface ViewDocument {
  readonly projection: Projection;
  readonly bodyText: string;
}

/** Passes of a rebuild before it takes what it has: under steady load each finds something new. */
const MAX_PASSES = 5;

/** Lists, counters and documents in memory; the same contract suite asks the same of it as of the one on DynamoDB. */
export class MemoryViews implements ViewStore {
  #active = new Generation();
  #building: Generation | null = null;

  async apply(projections: readonly Projection[]): Promise<void> {
    const refused = projections.filter(({ entries }) => entries.some(({ sort }) => sort === ''));
    const accepted = projections.filter((projection) => !refused.includes(projection));
    for (const projection of accepted) {
      this.#active.apply(projection);
      this.#building?.apply(projection);
    }
    if (refused.length > 0) throw new Error(`An entry of ${refused[0]?.id} has no sort key.`);
  }

  async get(jurisdiction: string, ids: readonly string[]) {
    const found = new Map<string, { version: number; body: unknown }>();
    for (const id of ids) {
      const document = this.#active.documents.get(place(jurisdiction, id));
      if (document === undefined) continue;
      found.set(id, { version: document.projection.version, body: JSON.parse(document.bodyText) });
    }
    return found;
  }

  async list(
    jurisdiction: string,
    partition: string,
    range: ReadOptions & { after?: string; before?: string; limit: number; descending?: boolean },
  ): Promise<Page<IndexEntry>> {
    const { after, before, limit, descending = false } = range;
    const precedes = (left: string, right: string) => (descending ? order(left, right) > 0 : order(left, right) < 0);
    const sorted = this.#active
      .sorted(place(jurisdiction, partition))
      .filter(
        (sort) => (after === undefined || precedes(after, sort)) && (before === undefined || precedes(sort, before)),
      );
    if (descending) sorted.reverse();
    const entries = this.#active.lists.get(place(jurisdiction, partition));
    const items = sorted.slice(0, limit).map((sort): IndexEntry => {
      const dataText = entries?.get(sort);
      return dataText === undefined ? { partition, sort } : { partition, sort, data: JSON.parse(dataText) };
    });
    return { items, next: sorted.length > limit ? (items.at(-1)?.sort ?? null) : null };
  }

  async counters(jurisdiction: string, scope: string): Promise<Readonly<Record<string, number>>> {
    return Object.fromEntries(this.#active.counters.get(place(jurisdiction, scope)) ?? []);
  }

  async countersBelow(jurisdiction: string, prefix: string) {
    const below: Record<string, Record<string, number>> = {};
    for (const [key, buckets] of this.#active.counters) {
      if (key.startsWith(place(jurisdiction, prefix)))
        below[key.slice(place(jurisdiction, '').length)] = Object.fromEntries(buckets);
    }
    return below;
  }

  async rebuild(heads: () => AsyncIterable<Projection>) {
    const building = new Generation();
    this.#building = building;
    let projected = 0;
    for (let passes = 1; ; passes += 1) {
      let changed = 0;
      for await (const projection of heads()) changed += building.apply(projection) ? 1 : 0;
      if (this.#building !== building) throw new Error('Another rebuild has begun meanwhile.');
      projected += changed;
      if (changed > 0 && passes < MAX_PASSES) continue;
      this.#active = building;
      this.#building = null;
      return { projected, passes };
    }
  }

  /** Everything readers see, in a form that two stores can be compared by. */
  async dump(): Promise<Readonly<Record<string, unknown>>> {
    const { documents, lists, counters } = this.#active;
    return {
      documents: inOrder(documents, ({ projection, bodyText }) => [projection.version, bodyText]),
      lists: inOrder(lists, (entries) => inOrder(entries, (dataText) => dataText ?? null)),
      counters: inOrder(counters, (buckets) => inOrder(buckets, (count) => count)),
    };
  }
}

function inOrder<T>(map: ReadonlyMap<string, T>, shown: (value: T) => unknown): Readonly<Record<string, unknown>> {
  const entries = [...map].map(([key, value]) => [key, shown(value)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => order(a, b)));
}

class Generation {
  readonly documents = new Map<string, ViewDocument>();
  /** By partition: what each entry carries, by its sort key. */
  readonly lists = new Map<string, Map<string, string | undefined>>();
  readonly counters = new Map<string, Map<string, number>>();
  readonly #sorted = new Map<string, string[]>();

  /** Whether that changed anything: older and equal versions do not. */
  apply(projection: Projection): boolean {
    const { jurisdiction, id, version, body, entries, counts } = projection;
    const key = place(jurisdiction, id);
    const former = this.documents.get(key)?.projection;
    if (former !== undefined && former.version >= version) return false;
    for (const { partition, sort } of former?.entries ?? []) this.#remove(place(jurisdiction, partition), sort);
    for (const { scope, bucket } of former?.counts ?? []) this.#count(place(jurisdiction, scope), bucket, -1);
    for (const entry of entries) this.#put(place(jurisdiction, entry.partition), entry);
    for (const { scope, bucket } of counts) this.#count(place(jurisdiction, scope), bucket, 1);
    this.documents.set(key, { projection: { ...projection, body: null }, bodyText: JSON.stringify(body) });
    return true;
  }

  /** Sort keys of a partition in order; sorted once until it changes. */
  sorted(partition: string): string[] {
    const known = this.#sorted.get(partition) ?? [...(this.lists.get(partition)?.keys() ?? [])].sort(order);
    this.#sorted.set(partition, known);
    return [...known];
  }

  #put(partition: string, { sort, data }: IndexEntry): void {
    const list = this.lists.get(partition) ?? new Map<string, string | undefined>();
    list.set(sort, data === undefined ? undefined : JSON.stringify(data));
    this.lists.set(partition, list);
    this.#sorted.delete(partition);
  }

  #remove(partition: string, sort: string): void {
    const list = this.lists.get(partition);
    list?.delete(sort);
    if (list?.size === 0) this.lists.delete(partition);
    this.#sorted.delete(partition);
  }

  #count(scope: string, bucket: string, by: number): void {
    const buckets = this.counters.get(scope) ?? new Map<string, number>();
    const sum = (buckets.get(bucket) ?? 0) + by;
    if (sum === 0) buckets.delete(bucket);
    else buckets.set(bucket, sum);
    if (buckets.size === 0) this.counters.delete(scope);
    else this.counters.set(scope, buckets);
  }
}

function place(jurisdiction: string, key: string): string {
  return `${jurisdiction} ${key}`;
}

/** In the order of DynamoDB: by UTF-8 bytes. UTF-16 differs from it beyond the basic plane. */
function order(left: string, right: string): number {
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
}
