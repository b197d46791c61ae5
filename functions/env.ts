/**
 * Settings, read once when a function starts: a missing one stops it there, named, and not at the first request. By hand
 * and not with zod, which alone would double the time the API's handler takes to start.
 */
function settings<const Name extends string>(rules: Readonly<Record<Name, RegExp>>): Readonly<Record<Name, string>> {
  const read = Object.entries<RegExp>(rules).map(([name, rule]) => {
    const value = process.env[name] ?? '';
    if (!rule.test(value)) throw new Error(`The environment variable ${name} is missing or not of its form ${rule}.`);
    return [name, value];
  });
  return Object.fromEntries(read);
}

const TEXT = /^.+$/;
const URL_FORM = /^https?:\/\/\S+$/;

const PIPELINE = { DUBAN_LEDGER_TABLE: TEXT, DUBAN_VIEWS_TABLE: TEXT, DUBAN_WAKE_QUEUE_URL: URL_FORM } as const;
const API = {
  ...PIPELINE,
  DUBAN_ISSUER: URL_FORM,
  DUBAN_AUDIENCE: TEXT,
  DUBAN_JWKS_URL: URL_FORM,
  DUBAN_DEFAULT_JURISDICTION: /^\d{6}$/,
  // Separated by commas; nobody once the structure names its own.
  DUBAN_BOOTSTRAP_ADMINS: /^.*$/,
} as const;

export type PipelineEnv = Readonly<Record<keyof typeof PIPELINE, string>>;
export type ApiEnv = Readonly<Record<keyof typeof API, string>>;

export const pipelineEnv = (): PipelineEnv => settings(PIPELINE);
export const apiEnv = (): ApiEnv => settings(API);
