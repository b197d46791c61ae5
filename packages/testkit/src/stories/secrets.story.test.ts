import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { OFFLINE } from '@duban/contracts/http/state-secrets';
import { flatten } from '@duban/dynamodb/attributes';
import { unpackJson } from '@duban/dynamodb/packed-json';
import { TASK } from '@duban/http-api/app.fixture';
import { ROUTES } from '@duban/http-api/routes';
import { importFiles } from '@duban/local-cloud/import/command';
import { type WriteOptions, writeXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CloudTestSystem, createCloudTestSystem } from '../system.ts';
import { DIRECTOR, ISSUED } from './county.ts';
import { DOORS, TEXT } from './secret-doors.ts';

const HEADER = ['文号', '清单', '序号', '工作任务', '工作要求', '完成时限', '牵头单位'];
const ROW = ['泸政办发〔2023〕5号', '安全生产', 31_000, '甲', '做甲', null, '县住建局'];
const sheet = { name: '任务', rows: [HEADER, ROW] };
const cell = (value: object) => new Map([['1,4', value]]);
/** Where text stands in a workbook. */
const WORKBOOKS: Readonly<Record<string, (text: string) => WriteOptions>> = {
  cell: (text) => ({ sheets: [{ ...sheet, cells: cell({ value: text }) }] }),
  note: (text) => ({ sheets: [{ ...sheet, cells: cell({ value: '做甲', comment: { text } }) }] }),
  header: (text) => ({ sheets: [{ name: '任务', rows: [[...HEADER, text], ROW] }] }),
  'sheet name': (text) => ({ sheets: [sheet, { name: text.replaceAll(/[【】]/g, '').slice(0, 31), rows: [] }] }),
  'sheet of notes': (text) => ({ sheets: [sheet, { name: '说明', rows: [[text]] }] }),
  title: (text) => ({ sheets: [sheet], properties: { title: text } }),
  keywords: (text) => ({ sheets: [sheet], properties: { keywords: text } }),
};

const FORMS = ['机密★1年', '绝密 30年', '秘密☆长期', '機密★', '绝密★启用前', '机\u200b 密★３年'];
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

interface Knock {
  readonly what: string;
  /** Sends the text and answers what came back, whole. */
  readonly send: (text: string) => Promise<{ readonly refused: boolean; readonly answer: string }>;
}

let system: CloudTestSystem;
let folder: string;
/** Whatever was told to whoever sent something. */
const answers: string[] = [];
/** One for each text that was refused, and nowhere else in the world. */
const sentinels: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'duban-secrets-'));
  system = await createCloudTestSystem({ now: Date.parse(ISSUED), bundle: 'luxi' });
});
afterAll(async () => {
  await system.close();
  rmSync(folder, { recursive: true, force: true });
});

async function request(method: string, path: string, body?: string | Uint8Array, headers: Record<string, string> = {}) {
  const token = path.startsWith('/v1/imports') ? system.adminToken() : system.token(DIRECTOR.person);
  const response = await system.app.request(path, {
    method,
    headers: { authorization: `Bearer ${await token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: body as string }),
  });
  const answer = `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
  answers.push(answer);
  const refused = response.status === 422 && answer.includes('"code":"state_secret"') && answer.includes(OFFLINE.zh);
  return { refused, answer, headers: response.headers };
}

/** `npm run duban -- import`, as it prints. */
async function command(name: string, content: string | Uint8Array) {
  const path = join(folder, name);
  writeFileSync(path, content);
  const lines: string[] = [];
  const options = { paths: [path], dryRun: false, replace: false, jurisdiction: '433122', person: 'local-admin' };
  const done = await importFiles(
    system.deps,
    options,
    (line) => lines.push(line),
    () => undefined,
  );
  answers.push(lines.join('\n'));
  return { refused: !done && lines.join().includes(OFFLINE.zh), answer: lines.join('\n') };
}

/** The body with the n-th of its texts replaced; null when it has fewer. */
function withText(body: unknown, nth: number, text: string): string | null {
  let seen = 0;
  const made = JSON.stringify(body, (_key, value: unknown) => (value === TEXT && seen++ === nth ? text : value));
  return seen > nth ? made : null;
}

function bodies(): readonly Knock[] {
  const known = new Set(
    DOORS.map(([path]) =>
      path
        .replace(/(?:task|escalation|incident|duty|problem)_[^/]+/, '{id}')
        .replace('/1/', '/{n}/')
        .replace('/calendars/linye-ju/', '/calendars/{unit}/'),
    ),
  );
  // What nobody has written a row for is tried with a text that it may not even have.
  const others = ROUTES.filter(({ method, path }) => method === 'POST' && !known.has(path));
  const doors = [...DOORS, ...others.map(({ path }) => [path.replace(/\{\w+\}/g, 'x'), { text: TEXT }] as const)];
  return doors.flatMap(([path, body]) =>
    Array.from({ length: JSON.stringify(body).split(`"${TEXT}"`).length - 1 }, (_, nth) => ({
      what: `POST ${path} text ${nth + 1}`,
      send: (text: string) => request('POST', path, withText(body, nth, text) ?? ''),
    })),
  );
}

function addresses(): readonly Knock[] {
  return ROUTES.flatMap(({ method, path }) => {
    const plain = path.replace(/\{\w+\}/g, 'x');
    const knock = (what: string, to: (text: string) => string): Knock => ({
      what: `${method} ${what}`,
      send: (text) => request(method, to(encodeURIComponent(text)), method === 'POST' ? '{}' : undefined),
    });
    const named = path.includes('{')
      ? [knock(path, (text) => path.replace(/\{\w+\}/, text).replace(/\{\w+\}/, '1'))]
      : [];
    return [
      ...named,
      knock(`${plain}?q=`, (text) => `${plain}?q=${text}`),
      knock(`${plain}?=`, (text) => `${plain}?${text}=1`),
    ];
  });
}

function files(): readonly Knock[] {
  const yaml = { 'content-type': 'application/yaml' };
  const small = '{"jurisdiction":"433122"}';
  const imports = (what: string, send: Knock['send']): Knock => ({ what: `POST /v1/imports ${what}`, send });
  const prints = (what: string, send: Knock['send']): Knock => ({ what: `duban import ${what}`, send });
  return [
    imports('YAML', (text) => request('POST', '/v1/imports', `units:\n  - { name: "${text}" }\n`, yaml)),
    imports('YAML comment', (text) => request('POST', '/v1/imports', `# ${text}\njurisdiction: "433122"\n`, yaml)),
    imports('file name', (text) =>
      request('POST', '/v1/imports', small, {
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(text)}.json`,
      }),
    ),
    imports('x-file-name', (text) =>
      request('POST', '/v1/imports', small, { 'x-file-name': encodeURIComponent(text) }),
    ),
    ...Object.entries(WORKBOOKS).flatMap(([where, made]) => [
      imports(`workbook: ${where}`, async (text) =>
        request('POST', '/v1/imports', await writeXlsx(made(text)), { 'content-type': XLSX }),
      ),
      prints(`workbook: ${where}`, async (text) => command('book.xlsx', await writeXlsx(made(text)))),
    ]),
    prints('file name', (text) => command(`${text}.json`, small)),
    prints('JSON', (text) => command('a.json', `{"jurisdiction":"433122","units":[{"name":"${text}"}]}`)),
    prints('YAML', (text) => command('a.yaml', `# ${text}\njurisdiction: "433122"\n`)),
  ];
}

/** All text of a table, unpacked. What cannot be read fails the test: it might hide what is looked for. */
async function textOfTable(TableName: string): Promise<string> {
  const texts: string[] = [];
  for await (const page of paginateScan({ client: system.client }, { TableName, ConsistentRead: true })) {
    for (const item of page.Items ?? []) {
      const row = flatten(item);
      for (const [name, value] of Object.entries(row)) {
        if (value instanceof Uint8Array) {
          const isBlob = value[0] === 0x1f && value[1] === 0x8b;
          texts.push(isBlob ? gunzipSync(value).toString() : unpackJson(value, row.dictionary as number | undefined));
        } else if (typeof value === 'string' || typeof value === 'number') texts.push(`${name}=${value}`);
        else throw new Error(`${TableName}: ${name} cannot be read`);
      }
    }
  }
  return texts.join('\n');
}

/** Every message, which is hidden from others afterwards. */
async function textOfQueue(QueueUrl: string): Promise<string> {
  const texts: string[] = [];
  for (;;) {
    const { Messages = [] } = await system.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return texts.join('\n');
    texts.push(JSON.stringify(Messages));
  }
}

async function everythingKept(): Promise<Readonly<Record<string, string>>> {
  await system.settle();
  const heads: string[] = [];
  const events: string[] = [];
  for await (const head of system.deps.store.scanHeads(null)) {
    heads.push(JSON.stringify(head));
    events.push(JSON.stringify(await system.deps.store.read(head.ref, { limit: 10_000 })));
  }
  return {
    heads: heads.join('\n'),
    events: events.join('\n'),
    ledger: await textOfTable(system.tables.ledger),
    views: await textOfTable(system.tables.views),
    wakes: await textOfQueue(system.queues.wake),
    deadLetters: await textOfQueue(system.queues.wakeDeadLetters),
    log: system.logged.join('\n'),
    answers: answers.join('\n'),
  };
}

const isIn = (text: string, sentinel: string) => text.includes(sentinel) || text.includes(encodeURIComponent(sentinel));

describe('text that is marked as a state secret', () => {
  it.each([
    ['bodies', bodies],
    ['addresses', addresses],
    ['files', files],
  ])('is refused in %s, and its sender told to report it offline', async (_where, knocks) => {
    for (const { what, send } of knocks()) {
      const sentinel = `哨${String(sentinels.length).padStart(4, '0')}兵`;
      const { refused, answer } = await send(`${FORMS[sentinels.length % FORMS.length]} ${sentinel}`);
      sentinels.push(sentinel);
      expect(refused, `${what}: ${answer}`).toBe(true);
    }
  });

  it('is kept and told nowhere', async () => {
    const kept = await everythingKept();
    expect(sentinels.length).toBeGreaterThan(150);
    const found = Object.entries(kept).flatMap(([where, text]) =>
      sentinels.filter((sentinel) => isIn(text, sentinel)).map((sentinel) => `${where}: ${sentinel}`),
    );
    expect(found).toEqual([]);
  });
});

describe('the same search', () => {
  it('finds what was accepted, in every place it looks at', async () => {
    const accepted = '哨兵受理件';
    const json = (body: object) => JSON.stringify(body);
    const created = await request('POST', '/v1/tasks', json({ ...TASK, title: accepted, text: '机密要害部位' }));
    const unit = { code: 'shaobing-ban', name: `县${accepted}办`, kind: 'office' };
    const imported = await request('POST', '/v1/imports', json({ jurisdiction: '433122', units: [unit] }));
    expect([created.answer.slice(0, 3), imported.answer.slice(0, 3)]).toEqual(['201', '201']);
    await request('POST', '/v1/tasks', json({ ...TASK, [accepted]: 1 }));
    system.deps.log.info('accepted', { title: accepted });
    for (const QueueUrl of Object.values(system.queues)) {
      await system.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: accepted }));
    }
    const kept = await everythingKept();
    const blind = Object.entries(kept).flatMap(([where, text]) => (isIn(text, accepted) ? [] : [where]));
    expect(blind).toEqual([]);
  });
});

describe('text about trade secrets', () => {
  it.each([
    ['a body', () => request('POST', '/v1/tasks', JSON.stringify({ ...TASK, text: '保护企业商业秘密' }))],
    [
      'a workbook',
      async () =>
        request('POST', '/v1/imports', await writeXlsx(WORKBOOKS.cell?.('保护企业商业秘密') ?? { sheets: [] }), {
          'content-type': XLSX,
        }),
    ],
  ])('in %s is taken, with a warning', async (_where, send) => {
    const { answer, headers } = await send();
    expect([answer.slice(0, 3), headers.get('x-duban-warnings')]).toEqual(['201', 'trade-secret']);
  });

  it('is taken by the command, which says so in one line', async () => {
    const { answer } = await command(
      'b.yaml',
      'jurisdiction: "433122"\nunits:\n  - { code: baomi, name: 县商业秘密办, kind: office }\n',
    );
    expect(answer.split('\n').filter((line) => line.startsWith('提示：'))).toHaveLength(1);
    expect(answer).toContain('导入完成');
  });
});
