import type { ImportBundle } from '@duban/application';
import { importBundle as bundleSchema } from '@duban/contracts/http/imports';
import { loadCounty, toImportBundle } from '@duban/gazette';
import type { TestSystem, TestSystemOptions } from '../system.ts';
import { ANQUAN } from './county.ts';

/** Two duties of the whole county, one of its park (泸政办发〔2023〕5号 1406-1408, 3311-3312). */
export const CIRCULAR = 'zhengbanfa-5.zongti-yue-tongbao';
export const SUMMARY = 'zhengbanfa-5.zongti-ji-zongjie';
export const PARK = 'zhengbanfa-5.youhua-yuanqu-yue-tongbao';
export const BEGINS = '2023-08-25T09:00:00+08:00';

/** Whatever a title may hold that a file could take for more than a title. */
export const HOSTILE = `<script>alert("1")</script>|=cmd|' /C calc'!A0 & 𠮷野*_家_`;
export const FORMULA = `=HYPERLINK("https://example.com/";"点这里")`;

export const whole = bundleSchema.parse(toImportBundle(loadCounty('luxi')));

/** The safety list alone, with the duties that ask for reports of it; two of its titles mean harm. */
function bundle(): ImportBundle {
  const { tasks = [], duties = [], ...structure } = whole;
  const titles: Readonly<Record<number, string>> = { 9: HOSTILE, 11: FORMULA };
  return {
    ...structure,
    duties: duties.filter(({ code }) => [CIRCULAR, SUMMARY, PARK].includes(code)),
    tasks: tasks
      .filter(({ list }) => list === '安全生产')
      .map((task) => ({ ...task, title: titles[task.seq ?? 0] ?? task.title })),
  };
}

export async function reportCounty<S extends TestSystem>(
  create: (options: TestSystemOptions) => Promise<S>,
): Promise<S> {
  return create({ now: Date.parse(BEGINS), bundle: bundle() });
}

export const reportOf = (duty: string, period: string, plan = ANQUAN) => `report_${plan}:${duty}:${period}`;

/** Who heads a unit, by the gazette. */
export function headOf(unit: string): string {
  const post = whole.posts?.find((each) => each.unit === unit && each.head)?.code;
  const held = whole.appointments?.find((each) => each.post === post && each.to == null);
  if (held === undefined) throw new Error(`Nobody heads ${unit}.`);
  return held.person;
}

/** A file as it is served. */
export async function fileOf(system: TestSystem, person: string, path: string) {
  const authorization = `Bearer ${await system.token(person)}`;
  const response = await system.app.request(path, { headers: { authorization } });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: new TextDecoder().decode(bytes) };
}
