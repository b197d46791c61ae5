import { DELIVERY_INDEX_WRITE, FUNCTIONS, UNITS, WAKE_INDEX_WRITE } from './measured.ts';
import { PRICES } from './prices.ts';

type UnitName = keyof typeof UNITS;

/** What happens to one task in a year, and how often. Assumed, and written out so that it can be argued with. */
export const TASK_YEAR: readonly { readonly what: string; readonly times: number; readonly units: UnitName }[] = [
  { what: 'assigned, accepted, submitted, verified', times: 4, units: 'command' },
  { what: 'progress reported, monthly', times: 12, units: 'command' },
  { what: 'an extension asked for and decided, one task in five', times: 0.4, units: 'command' },
  { what: 'reminded twice, one in three late and up three steps', times: 3, units: 'wake' },
  { what: 'an escalation acknowledged', times: 1, units: 'command' },
  { what: 'read', times: 60, units: 'readTask' },
  { what: 'its list of fifty opened', times: 20, units: 'list50' },
  { what: 'a dashboard opened', times: 10, units: 'dashboard' },
  { what: 'an inbox opened', times: 15, units: 'inbox50' },
];

/** Notices that an event becomes: to the units, or to the office. */
const NOTICES_PER_EVENT = 1.5;
/** Notices of a digest, which each mailbox has sent to it on one channel beside its inbox. */
export const NOTICES_PER_DELIVERY = 4;
/** Each is a batch of the stream by itself, in a quiet county. */
const COMMITS_PER_DELIVERY = 3;
/** What a task leaves behind in a year (kB): its events and head, and its rows in the lists. */
const LEDGER_KB = 22;
const VIEWS_KB = 24;
/** What a delivery leaves behind (kB): three events, its head, its line in the log. */
const DELIVERY_KB = 4;
/** Log lines of an invocation, the service's own included (kB). */
const LOG_KB = 0.9;

const MINUTES = 525_600;
/** The alarms, and the metrics of our own, that the stacks make. */
export const ALARMS = 28;
const METRICS = 24;
const SECRETS = 2;
/** Lambda asks each of the two quiet queues with five long polls of twenty seconds. */
const IDLE_POLLS = (2 * 5 * MINUTES * 60) / 20;

export interface Bill {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly apiRequests: number;
  readonly functionRequests: number;
  readonly gbSeconds: number;
  readonly queueRequests: number;
  readonly storedGb: number;
  readonly logsGb: number;
  readonly fixedDollars: number;
}

/** One task for a year. */
export function taskYear(): Bill {
  const commits = TASK_YEAR.filter(({ units }) => units === 'command' || units === 'wake');
  const events = sum(commits.map(({ times }) => times));
  const wakes = sum(commits.filter(({ units }) => units === 'wake').map(({ times }) => times));
  const requests = sum(TASK_YEAR.filter(({ units }) => units !== 'wake').map(({ times }) => times));
  const notices = events * NOTICES_PER_EVENT;
  const deliveries = notices / NOTICES_PER_DELIVERY;
  const own = (kind: 'write' | 'read') => sum(TASK_YEAR.map(({ times, units }) => times * UNITS[units][kind]));
  const follow = (kind: 'write' | 'read') =>
    UNITS.firstViews[kind] +
    (events - 1) * UNITS.views[kind] +
    notices * UNITS.digest[kind] +
    deliveries * UNITS.delivery[kind];
  const commitsOfDeliveries = COMMITS_PER_DELIVERY * deliveries;
  const invocations = {
    api: requests,
    wake: wakes,
    project: events + notices + commitsOfDeliveries,
    react: events + commitsOfDeliveries,
    deliver: deliveries,
  };
  const functionRequests = sum(Object.values(invocations));
  return {
    writeUnits: own('write') + follow('write') + events * WAKE_INDEX_WRITE + deliveries * DELIVERY_INDEX_WRITE,
    readUnits: own('read') + follow('read'),
    apiRequests: requests,
    functionRequests,
    gbSeconds: sum(
      (Object.keys(invocations) as (keyof typeof invocations)[]).map(
        (name) => (invocations[name] * FUNCTIONS[name].ms * FUNCTIONS[name].gb) / 1000,
      ),
    ),
    // Sent, received and deleted.
    queueRequests: 3 * (wakes + notices + deliveries),
    storedGb: (LEDGER_KB + VIEWS_KB + deliveries * DELIVERY_KB) / 1024 ** 2,
    logsGb: (functionRequests * LOG_KB) / 1024 ** 2,
    fixedDollars: 0,
  };
}

/** A deployment for a year that nobody uses: it looks every minute, and is watched. */
export function idleYear(): Bill {
  return {
    writeUnits: 0,
    readUnits: MINUTES * UNITS.alarmClockTick.read,
    apiRequests: 0,
    functionRequests: MINUTES,
    gbSeconds: (MINUTES * FUNCTIONS.alarmClock.ms * FUNCTIONS.alarmClock.gb) / 1000,
    queueRequests: IDLE_POLLS,
    storedGb: 0,
    logsGb: (MINUTES * LOG_KB) / 1024 ** 2,
    fixedDollars:
      12 *
      (PRICES.keyMonth +
        SECRETS * PRICES.secretMonth +
        ALARMS * PRICES.alarmMonth +
        METRICS * PRICES.metricMonth +
        PRICES.dashboardMonth),
  };
}

export function times(bill: Bill, factor: number): Bill {
  return Object.fromEntries(Object.entries(bill).map(([name, value]) => [name, value * factor])) as unknown as Bill;
}

export function plus(a: Bill, b: Bill): Bill {
  return Object.fromEntries(
    Object.entries(a).map(([name, value]) => [name, value + b[name as keyof Bill]]),
  ) as unknown as Bill;
}

/** Dollars by what they are paid for. */
export function dollars(bill: Bill): Readonly<Record<string, number>> {
  const million = (count: number, price: number) => (count / 1e6) * price;
  return {
    '写入 write units': million(bill.writeUnits, PRICES.writeUnitsPerMillion),
    '读取 read units': million(bill.readUnits, PRICES.readUnitsPerMillion),
    '存储与时点恢复 storage, recoverable':
      bill.storedGb * 12 * (PRICES.tableGbMonth + PRICES.pointInTimeRecoveryGbMonth),
    '接口 HTTP API': million(bill.apiRequests, PRICES.apiRequestsPerMillion),
    '函数 functions':
      million(bill.functionRequests, PRICES.functionRequestsPerMillion) + bill.gbSeconds * PRICES.functionGbSecond,
    '队列 queues': million(bill.queueRequests, PRICES.queueRequestsPerMillion),
    '日志 logs': bill.logsGb * (PRICES.logsGbIn + 12 * PRICES.logsGbMonth),
    '密钥 机密 警报 指标 看板 key, secrets, alarms, metrics, dashboard':
      bill.fixedDollars + (bill.queueRequests / 10_000) * PRICES.keyRequestsPer10k * KEY_REQUESTS_PER_QUEUE_REQUEST,
  };
}

/** A data key is used again for five minutes. */
const KEY_REQUESTS_PER_QUEUE_REQUEST = 0.01;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
