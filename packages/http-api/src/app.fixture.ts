import {
  type Commit,
  type CommitOutcome,
  type Dependencies,
  type Head,
  type RecordedEvent,
  refKey,
} from '@duban/application';
import { emptyStructure, Structure, type StructureData } from '@duban/domain';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type AppOptions, createApp } from './app.ts';
import { ROUTES } from './routes.ts';

export const ISSUER = 'https://login.example';
export const AUDIENCE = 'duban';
export const PLAN = 'luxi-2023-anquan';
export const DIRECTOR = 'zhang-jinying';
export const NOW = Date.parse('2023-05-15T08:30:00+08:00');

const unit = (code: string, name: string, kind: 'bureau' | 'township', aliases: readonly string[] = []) => ({
  ...{ code, name, kind, aliases },
  parent: null,
  leaderInCharge: null,
});
const post = (code: string, of: string, title: string) => ({ code, unit: of, title, head: true });
const appointment = (held: string, person: string) => ({ post: held, person, from: null, to: null });

const COUNTY: StructureData = {
  ...emptyStructure('433122').data,
  units: [
    unit('yingji-guanli-ju', '县应急管理局', 'bureau', ['县应急局']),
    unit('linye-ju', '县林业局', 'bureau'),
    unit('jiaotong-ju', '县交通运输局', 'bureau', ['县交通局']),
    unit('wuxi-zhen', '武溪镇', 'township'),
  ],
  posts: [post('yingji-guanli-ju.juzhang', 'yingji-guanli-ju', '局长'), post('linye-ju.juzhang', 'linye-ju', '局长')],
  people: [
    { code: DIRECTOR, name: '张金颖' },
    { code: 'yang-hongyu', name: '杨红玉' },
  ],
  appointments: [appointment('yingji-guanli-ju.juzhang', DIRECTOR), appointment('linye-ju.juzhang', 'yang-hongyu')],
  documents: [{ number: '泸政办发〔2023〕5号', title: '三年行动方案', issuer: null, issuedOn: '2023-05-15' }],
  groups: [
    {
      ...{ code: 'anquan-zhuanban', name: '安全生产翻身仗工作专班', kind: 'task_force', parent: null },
      documentNumber: '泸政办发〔2023〕5号',
      office: { hostUnit: 'yingji-guanli-ju', director: 'yingji-guanli-ju.juzhang', deputyDirector: null },
      ...{ leader: null, firstDeputy: null, deputies: [], members: [] },
    },
  ],
  plans: [
    {
      ...{ code: PLAN, documentNumber: '泸政办发〔2023〕5号', list: '任务清单', title: '安全生产' },
      ...{ group: 'anquan-zhuanban', policy: 'default-task' },
    },
  ],
};

/** A ledger in memory: what HTTP makes of requests is tested here, stores are tested against DynamoDB Local. */
function memoryLedger() {
  const heads = new Map<string, Head>();
  const events = new Map<string, RecordedEvent[]>();
  const claims = new Map<string, unknown>();
  let commits = 0;

  function append(commit: Commit): CommitOutcome {
    const key = refKey(commit.ref);
    if ((heads.get(key)?.version ?? 0) !== commit.expectedVersion) return { status: 'conflict' };
    const taken = (commit.claims ?? []).map((claim) => claim.key).filter((claim) => claims.has(claim));
    if (taken.length > 0) return { status: 'claimed', keys: taken };
    for (const claim of commit.claims ?? []) claims.set(claim.key, claim.value);
    const { ref, expectedVersion, meta, state, nextWakeAt } = commit;
    const version = expectedVersion + commit.events.length;
    const recorded = commit.events.map((event, index) => ({
      ...{ ref, event, meta, version: expectedVersion + index + 1, commitHash: `h${version}` },
      previousHash: commit.expectedHash,
    }));
    events.set(key, [...(events.get(key) ?? []), ...recorded]);
    heads.set(key, { ref, version, hash: `h${version}`, state, nextWakeAt });
    commits += 1;
    return { status: 'committed', version, hash: `h${version}` };
  }

  const store = {
    load: async (ref) => heads.get(refKey(ref)) ?? null,
    commit: async (all) => all.map(append),
    read: async (ref, { from = 1, to = Number.POSITIVE_INFINITY, limit = 1_000 } = {}) =>
      (events.get(refKey(ref)) ?? []).filter(({ version }) => version >= from && version <= to).slice(0, limit),
    claim: async (_jurisdiction, key) => claims.get(key) ?? null,
  } as Pick<Dependencies['store'], 'load' | 'commit' | 'read' | 'claim'> as Dependencies['store'];
  return { store, commits: () => commits };
}

/** Seals by remembering: nothing of the text is in the seal. */
function memorySealer(): Pick<Dependencies['sealer'], 'seal' | 'open'> {
  const sealed = new Map<string, { readonly text: string; readonly purpose: string }>();
  return {
    seal: async (text, purpose) => {
      const name = `sealed${sealed.size}`;
      sealed.set(name, { text, purpose });
      return name;
    },
    open: async (name, purpose) => {
      const found = sealed.get(name);
      return found?.purpose === purpose ? found.text : null;
    },
  };
}

/** The API over a small county in memory, with a key of its own to sign tokens. */
export async function testApi({
  notFoundBeatMs = 0,
  ...options
}: Pick<AppOptions, 'admission' | 'notFoundBeatMs'> = {}) {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] });
  const ledger = memoryLedger();
  const structure = new Structure(COUNTY, 1);
  const logged: string[] = [];
  const write = (message: string, fields?: object) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  let ids = 0;
  const deps = {
    store: ledger.store,
    structures: { current: async (code: string) => (code === '433122' ? structure : emptyStructure(code)) },
    wakeQueue: { send: async () => undefined },
    views: { list: async () => ({ items: [], next: null }), get: async () => new Map(), counters: async () => ({}) },
    sealer: memorySealer(),
    clock: { now: () => NOW, until: async () => undefined },
    ids: { next: (prefix: string) => `${prefix}_${++ids}` },
    log: { info: write, warn: write, error: write },
  } as unknown as Dependencies;
  const app = createApp({
    deps,
    auth: { issuer: ISSUER, audience: AUDIENCE, keys },
    bootstrapAdmins: ['root-admin'],
    defaultJurisdiction: '433122',
    ...options,
    notFoundBeatMs,
  });
  const sign = (claims: Record<string, unknown> = {}, key: Parameters<SignJWT['sign']>[0] = privateKey) =>
    new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: DIRECTOR, exp: Math.floor(Date.now() / 1_000) + 600, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(key);
  const director = await sign();
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const sent =
      body === undefined
        ? {}
        : { body: body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await app.request(path, {
      method,
      headers: {
        authorization: `Bearer ${director}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...sent,
    });
    const text = await response.text();
    if (response.ok) await expectPublished(method, path, JSON.parse(text));
    return { status: response.status, headers: response.headers, text, body: text === '' ? null : JSON.parse(text) };
  };
  return { app, call, sign, logged, commits: ledger.commits };
}

/** Every answer is of the shape that is published for it. */
async function expectPublished(method: string, path: string, answer: unknown): Promise<void> {
  const { pathname } = new URL(path, 'http://localhost');
  const route = ROUTES.find(
    (each) => each.method === method && new RegExp(`^${each.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
  );
  const operation = await route?.load();
  operation?.answer.parse(answer);
}

/** A task as an office would send it. */
export const TASK = {
  plan: PLAN,
  title: '隧道照明排查',
  text: '排查全县隧道照明',
  leadUnits: ['县交通局'],
  due: '2023-11-10',
};
