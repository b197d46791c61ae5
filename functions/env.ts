/**
 * Settings, read once when a function starts: a missing one stops it there, named, and not at the first request. By hand
 * and not with zod, which alone would double the time the API's handler takes to start.
 * @param rules each variable a function reads, with its form
 */
export function settings<const Name extends string>(
  rules: Readonly<Record<Name, RegExp>>,
): Readonly<Record<Name, string>> {
  const read = Object.entries<RegExp>(rules).map(([name, rule]) => {
    const value = process.env[name] ?? '';
    if (!rule.test(value)) throw new Error(`The environment variable ${name} is missing or not of its form ${rule}.`);
    return [name, value];
  });
  return Object.fromEntries(read);
}

export const TEXT = /^.+$/;
export const URL_FORM = /^https?:\/\/\S+$/;

export const LEDGER = { DUBAN_LEDGER_TABLE: TEXT } as const;
export const VIEWS = { DUBAN_VIEWS_TABLE: TEXT } as const;
export const WAKES = { DUBAN_WAKE_QUEUE_URL: URL_FORM, DUBAN_DELIVERY_QUEUE_URL: URL_FORM } as const;
/** Of the secret that holds the keys addresses and links are sealed with. */
export const SEALED = { DUBAN_SEALING_SECRET: /^arn:\S+$/ } as const;
/** Of the secret that says how mail and short messages leave, and where private networks are allowed. */
export const OUTBOUND = { DUBAN_OUTBOUND_SECRET: /^arn:\S+$/ } as const;
export const METRICS = { DUBAN_METRICS_NAMESPACE: TEXT } as const;

export type Env<Rules> = Readonly<Record<keyof Rules, string>>;
