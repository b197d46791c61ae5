import { TASK } from '@duban/http-api/app.fixture';
import { BODIES, QUERIES } from '@duban/http-api/bad-input.cases';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestSystem, type TestSystem } from '../system.ts';
import { DIRECTOR, ISSUED } from './county.ts';

let system: TestSystem;
let headers: Record<string, string>;
let id: string;
let before: readonly string[];

/** Every stream with the hash of its last commit: whatever were written would change a line. */
async function ledger(): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { ref, version, hash } of system.deps.store.scanHeads(null))
    lines.push(`${ref.id} ${version} ${hash}`);
  return lines.sort();
}

beforeAll(async () => {
  system = await createTestSystem({ now: Date.parse(ISSUED), bundle: 'luxi' });
  headers = { authorization: `Bearer ${await system.token(DIRECTOR.person)}`, 'content-type': 'application/json' };
  const created = await system.app.request('/v1/tasks', { method: 'POST', headers, body: JSON.stringify(TASK) });
  ({ id } = (await created.json()) as { id: string });
  await system.settle();
  before = await ledger();
});
afterAll(() => system.close());

it(`refuses ${BODIES.length + QUERIES.length} kinds of bad input and leaves the county's ledger as it was`, async () => {
  const answers = await Promise.all([
    ...BODIES.map(async ([what, path, body]) => {
      const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
      const answer = await system.app.request(path.replace('{id}', id), { method: 'POST', headers, ...sent });
      return { what, answer };
    }),
    ...QUERIES.map(async ([what, path]) => ({ what, answer: await system.app.request(path, { headers }) })),
  ]);
  for (const { what, answer } of answers) {
    expect(Math.floor(answer.status / 100), what).toBe(4);
    expect(answer.headers.get('content-type'), what).toMatch(/^application\/problem\+json/);
  }
  expect(answers.length).toBeGreaterThanOrEqual(60);
  await system.settle();
  expect(await ledger()).toEqual(before);
});
