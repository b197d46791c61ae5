import { describe, expect, it } from 'vitest';
import { readSettings } from '../stacks/settings.ts';
import { ENVIRONMENT } from './synth.ts';

const faultOf = (changes: Record<string, string | undefined>, stage = 'prod') => {
  try {
    readSettings(stage, { ...ENVIRONMENT, ...changes });
  } catch (error) {
    return (error as Error).message;
  }
  return null;
};

describe('settings of a stage', () => {
  it('that are whole are read', () => {
    expect(readSettings('prod', { ...ENVIRONMENT, DUBAN_BOOTSTRAP_ADMINS: 'a, b' })).toMatchObject({
      isPersonal: false,
      bootstrapAdmins: ['a', 'b'],
      alarmEmails: ['duty@county.example'],
      logRetentionDays: 365,
      sesIdentities: [],
    });
  });

  it('that are missing are named, all of them, with the file they belong into', () => {
    const fault = faultOf({ DUBAN_ISSUER: undefined, DUBAN_AUDIENCE: undefined });
    expect(fault).toMatch(/\.env\.prod/);
    expect(fault).toMatch(/DUBAN_ISSUER: an address that begins with https/);
    expect(fault).toMatch(/DUBAN_AUDIENCE: the audience/);
  });

  it.each([
    ['DUBAN_LOG_RETENTION_DAYS', '182', /183 days or more/],
    ['DUBAN_LOG_RETENTION_DAYS', '180', /183 days or more/],
    ['DUBAN_LOG_RETENTION_DAYS', '184', /one of the lengths CloudWatch knows/],
    ['DUBAN_LOG_RETENTION_DAYS', 'for ever', /number/],
    ['DUBAN_ISSUER', 'http://id.example', /https/],
    ['DUBAN_JWKS_URL', 'id.example/keys', /https/],
    ['DUBAN_DEFAULT_JURISDICTION', '泸溪', /six digits/],
    ['DUBAN_ALARM_EMAILS', 'duty@county.example, nobody', /mail addresses/],
    ['DUBAN_SES_IDENTITIES', 'example.gov.cn', /ARNs of SES identities/],
    ['DUBAN_SES_IDENTITIES', 'arn:aws:ses:us-east-1:123456789012:identity/*', /ARNs of SES identities/],
    ['DUBAN_SES_IDENTITIES', '*', /ARNs of SES identities/],
    ['DUBAN_REQUESTS_PER_SECOND', '0', /DUBAN_REQUESTS_PER_SECOND/],
  ])('%s=%s are refused', (name, value, fault) => {
    expect(faultOf({ [name]: value })).toMatch(fault);
  });

  it.each(['Prod', '1st', 'a_b', '泸溪', 'a'.repeat(21)])('of a stage called %s are refused', (stage) => {
    expect(faultOf({}, stage)).toMatch(/small letters/);
  });

  it.each([
    ['prod', false],
    ['staging', false],
    ['li', false],
    ['developers', false],
    ['dev', true],
    ['dev-li', true],
    ['test', true],
  ])('of %s: somebody’s own is %s', (stage, isPersonal) => {
    expect(readSettings(stage, ENVIRONMENT).isPersonal).toBe(isPersonal);
  });
});
