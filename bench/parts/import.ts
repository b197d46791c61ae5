import { readFileSync } from 'node:fs';
import { endProducts, Product } from '@duban/testkit/stories/product';
import { type LedgerRow, ledgerWorkbook } from '@duban/workbook';
import { say } from '../lib/progress.ts';
import { round } from '../lib/statistics.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const LIST = { documentNumber: '泸政办发〔2023〕5号', list: '安全生产' };
const UNITS = ['县住建局', '县应急管理局', '县公安局', '县财政局', '县水利局', '县林业局', '县教体局', '县卫健局'];
const LOOK_EVERY_MS = 100;
const MEGABYTE = 1024;

export interface ImportFigure {
  readonly rows: number;
  readonly fileMegabytes: number;
  /** Until the answer: rows read, compared and laid down. */
  readonly answeredSeconds: number;
  /** Until readers see it, all at once. */
  readonly publishedSeconds: number;
  /** Until units have been told and the next import may begin. */
  readonly settledSeconds: number;
  /** Of the whole local cloud's node process, the SQS emulator in it; DynamoDB Local is a process of its own. */
  readonly peakMemoryMegabytes: number;
  /** The same workbook again. */
  readonly againSeconds: number;
  readonly againChanged: number;
}

/** Imports workbooks over HTTP into the local cloud as a person starts it. */
export async function measureImport(): Promise<readonly ImportFigure[]> {
  const figures: ImportFigure[] = [];
  for (const rows of [10_000, 50_000]) {
    try {
      figures.push(await measure(rows));
    } finally {
      await endProducts();
    }
  }
  return figures;
}

async function measure(rows: number): Promise<ImportFigure> {
  const product = await Product.start();
  const token = await product.adminToken();
  const workbook = await workbookOf(rows);
  say(`import: a workbook of ${rows} rows, ${round(workbook.length / 1e6)} MB`);
  const send = async () => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': XLSX };
    const answer = await fetch(`${product.url}/v1/imports`, { method: 'POST', headers, body: workbook });
    if (!answer.ok) throw new Error(`the import answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
    return (await answer.json()) as { id: string; difference: { tasks: { added: string[]; changed: string[] } } };
  };
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const { id } = await send();
  const answered = since();
  const ask = () => product.call<{ state: string }>('GET', `/v1/imports/${id}?limit=1`, undefined, token);
  // A question that finds the store busy is asked again.
  const stateOf = async () => (await ask().catch(() => ({ state: 'writing' }))).state;
  let published: number | null = null;
  for (let state = await stateOf(); state !== 'done'; state = await stateOf()) {
    if (state === 'settling') published ??= since();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  const settled = since();
  const path = '/v1/dashboard?plan=luxi-2023-anquan';
  const { total } = await product.call<{ total: number }>('GET', path, undefined, token);
  if (total < rows) throw new Error(`${total} tasks stand in the list, not ${rows}`);
  const again = performance.now();
  const { difference } = await send();
  return {
    rows,
    fileMegabytes: round(workbook.length / 1e6),
    answeredSeconds: round(answered),
    publishedSeconds: round(published ?? settled),
    settledSeconds: round(settled),
    peakMemoryMegabytes: Math.round(peakKilobytes(product.pid) / MEGABYTE),
    againSeconds: round((performance.now() - again) / 1000),
    againChanged: difference.tasks.added.length + difference.tasks.changed.length,
  };
}

/** Texts of the length the real lists have, each row of its own words. */
async function workbookOf(count: number): Promise<Uint8Array<ArrayBuffer>> {
  const unit = (index: number) => UNITS[index % UNITS.length] ?? '';
  const rows = (async function* (): AsyncGenerator<LedgerRow> {
    for (let index = 0; index < count; index += 1) {
      const random = (index * 2_654_435_761) % 4_294_967_296;
      yield {
        ...LIST,
        seq: 1000 + index,
        title: `第${index}项整治`,
        text: `对${unit(index)}第${index}处开展排查，编号${random.toString(36)}，建立台账、逐项整改、销号管理。`.repeat(
          4,
        ),
        due: `2023-${String(7 + (index % 6)).padStart(2, '0')}-${String(1 + (index % 28)).padStart(2, '0')}`,
        leadUnits: [unit(index)],
        responsibleUnits: [unit(index + 1), unit(index + 3)],
        progress: null,
        status: 'assigned',
        version: null,
      };
    }
  })();
  const stream = ledgerWorkbook(rows) as ConstructorParameters<typeof Response>[0];
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function peakKilobytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN);
}
