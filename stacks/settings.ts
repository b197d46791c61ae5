import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';

/** The Cybersecurity Law, article 21(3): network logs are kept for no less than six months. */
const SHORTEST_LOG_RETENTION_DAYS = 183;

const RETENTIONS: ReadonlySet<number> = new Set(
  Object.values(RetentionDays).filter((days): days is RetentionDays => typeof days === 'number'),
);

const httpsUrl = z.url({ protocol: /^https$/, error: 'an address that begins with https://' });
const localOrHttps = z.union([httpsUrl, z.url({ protocol: /^http$/, hostname: /^(localhost|127\.0\.0\.1)$/ })], {
  error: 'an address that begins with https://',
});
const listed = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
const whole = (fallback: number) => z.coerce.number().int().min(1).max(10_000).default(fallback);

/** One of each: a star would let the function write as everybody in the account. */
const SES_IDENTITY = /^arn:[a-z-]+:ses:[a-z0-9-]+:\d{12}:(?:identity|configuration-set)\/[A-Za-z0-9@._+-]+$/;

const settings = z
  .object({
    /** Issuer of the county's identity provider, exactly as its tokens' `iss` says it. */
    DUBAN_ISSUER: localOrHttps,
    /** What its tokens' `aud` must hold. */
    DUBAN_AUDIENCE: z.string({ error: 'the audience its tokens are issued for' }).min(1),
    /** Where its public keys are. */
    DUBAN_JWKS_URL: localOrHttps,
    /** Division code of a caller whose token names none. */
    DUBAN_DEFAULT_JURISDICTION: z.string({ error: 'a division code of six digits' }).regex(/^\d{6}$/, {
      error: 'a division code of six digits',
    }),
    /** Subjects that may import before anybody holds a post. */
    DUBAN_BOOTSTRAP_ADMINS: listed,
    /** Who is written to when an alarm goes off. */
    DUBAN_ALARM_EMAILS: listed.pipe(z.array(z.email({ error: 'mail addresses, separated by commas' }))),
    DUBAN_LOG_RETENTION_DAYS: z.coerce
      .number()
      .default(RetentionDays.ONE_YEAR)
      .refine((days) => days >= SHORTEST_LOG_RETENTION_DAYS, {
        error: `${SHORTEST_LOG_RETENTION_DAYS} days or more: the law wants logs for six months`,
      })
      .refine((days) => RETENTIONS.has(days), { error: 'one of the lengths CloudWatch knows: 365, 400, 545, 731, …' }),
    /**
     * What mail may be sent as by SES: ARNs of its verified identities, and of a configuration set where one is their
     * default, separated by commas. Nothing: mail leaves by SMTP or not at all, and no function may use SES.
     */
    DUBAN_SES_IDENTITIES: listed.pipe(z.array(z.string().regex(SES_IDENTITY, { error: 'ARNs of SES identities' }))),
    /** Requests a second, held over time, and at most at once; more are answered 429. */
    DUBAN_REQUESTS_PER_SECOND: whole(100),
    DUBAN_REQUEST_BURST: whole(200),
  })
  .transform((read) => ({
    issuer: read.DUBAN_ISSUER,
    audience: read.DUBAN_AUDIENCE,
    jwksUrl: read.DUBAN_JWKS_URL,
    defaultJurisdiction: read.DUBAN_DEFAULT_JURISDICTION,
    bootstrapAdmins: read.DUBAN_BOOTSTRAP_ADMINS,
    alarmEmails: read.DUBAN_ALARM_EMAILS,
    logRetentionDays: read.DUBAN_LOG_RETENTION_DAYS as RetentionDays,
    sesIdentities: read.DUBAN_SES_IDENTITIES,
    requestsPerSecond: read.DUBAN_REQUESTS_PER_SECOND,
    requestBurst: read.DUBAN_REQUEST_BURST,
  }));

const STAGE = /^[a-z][a-z0-9-]{0,19}$/;
/** What these hold may be thrown away; everything else is protected. */
const PERSONAL_STAGE = /^(?:dev|test)(?:-|$)/;

export interface Settings extends Readonly<z.output<typeof settings>> {
  readonly stage: string;
  /** Somebody's own, to try things out: its tables go when it is removed. */
  readonly isPersonal: boolean;
  /** The folder in which each function has a folder with its bundle. */
  readonly bundles: string;
}

/**
 * Reads a stage's settings; `sst` has put those of `.env` and `.env.<stage>` into the environment.
 * @param bundles where `npm run build` has put the functions
 * @throws Error that names every setting that is missing or wrong, and what it should be
 */
export function readSettings(
  stage: string,
  environment: Readonly<Record<string, string | undefined>>,
  bundles = 'dist/functions',
): Settings {
  if (!STAGE.test(stage)) {
    throw new Error(`The stage ${stage}: begin with a letter, then small letters, digits and hyphens, 20 at the most.`);
  }
  const read = settings.safeParse(environment);
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) => `  ${path[0]?.toString()}: ${message}`);
    throw new Error(`Settings of the stage ${stage} (put them into .env.${stage}):\n${faults.join('\n')}`);
  }
  return { ...read.data, stage, isPersonal: PERSONAL_STAGE.test(stage), bundles };
}
