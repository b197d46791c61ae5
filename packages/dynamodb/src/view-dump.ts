import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { readGenerations } from './view-generations.ts';
import { generationPrefix, parseCounters, parseDocument, parseEntry } from './view-rows.ts';

/**
 * All rows that readers see, keyed without the generation and without what tells only how they came about (revisions,
 * counters that came back to zero). Two view stores that show the same have equal dumps.
 */
export async function dumpViews(client: DynamoDBClient, tableName: string): Promise<Readonly<Record<string, unknown>>> {
  const { active } = await readGenerations(client, tableName);
  const prefix = generationPrefix(active);
  const dump: Record<string, unknown> = {};
  for await (const page of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) {
    for (const row of page.Items ?? []) {
      const pk = row.pk?.S ?? '';
      if (!pk.startsWith(prefix)) continue;
      const key = `${pk.slice(prefix.length)} ${row.sk?.S}`;
      if (row.content) {
        const { revision: _, ...document } = parseDocument(tableName, row).document;
        dump[key] = document;
      } else if (pk.endsWith('#count')) {
        const { buckets } = parseCounters(tableName, row);
        if (Object.keys(buckets).length > 0) dump[key] = buckets;
      } else {
        dump[key] = parseEntry(tableName, row);
      }
    }
  }
  return dump;
}
