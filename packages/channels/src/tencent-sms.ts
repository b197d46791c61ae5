import { createHash, createHmac } from 'node:crypto';
import type { Instant } from '@duban/calendar';
import { z } from 'zod';
import type { HttpClient } from './http-client.ts';
import { masksOf, secretsOf } from './masking.ts';
import { ACCEPTED, type Judgement, outcomeOf, REJECTED } from './results.ts';
import { jsonBody, parseJson } from './robots.ts';
import type { SmsSettings } from './settings.ts';
import type { SmsProvider } from './sms.ts';

const SERVICE = 'sms';
const CONTENT_TYPE = 'application/json; charset=utf-8';

/** 腾讯云短信, SendSms of 2021-01-11 (cloud.tencent.com/document/product/382/55981). */
export function createTencentSms(http: HttpClient, settings: SmsSettings): SmsProvider {
  return {
    parameterLength: settings.parameterLength,
    send: async (phone, parameters, { messageId, language, at }) => {
      const body = jsonBody({
        PhoneNumberSet: [phone],
        SmsSdkAppId: settings.sdkAppId,
        SignName: settings.signName,
        TemplateId: settings.templateId[language],
        TemplateParamSet: parameters,
        SessionContext: messageId,
      });
      const answer = await http.post({ url: settings.endpoint, headers: signedHeaders(settings, body, at), body });
      const secrets = [...secretsOf({ kind: 'sms', phone }), ...masksOf([settings.secretId, settings.secretKey])];
      return outcomeOf(answer, secrets, at, judge);
    },
  };
}

const hash = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const keyed = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/**
 * TC3-HMAC-SHA256 over the body, the content type and the host (cloud.tencent.com/document/api/382/52072). The host is
 * signed without its port, as Tencent's own library does.
 */
function signedHeaders(
  { secretId, secretKey, region, endpoint }: SmsSettings,
  body: Buffer,
  at: Instant,
): Record<string, string> {
  const timestamp = Math.floor(at / 1_000);
  const date = new Date(timestamp * 1_000).toISOString().slice(0, 10);
  const { hostname, pathname, search } = new URL(endpoint);
  const headers = `content-type:${CONTENT_TYPE}\nhost:${hostname}\n`;
  const request = ['POST', pathname, search.slice(1), headers, 'content-type;host', hash(body)].join('\n');
  const scope = `${date}/${SERVICE}/tc3_request`;
  const toSign = ['TC3-HMAC-SHA256', timestamp, scope, hash(request)].join('\n');
  const key = keyed(keyed(keyed(`TC3${secretKey}`, date), SERVICE), 'tc3_request');
  const signature = keyed(key, toSign).toString('hex');
  return {
    'content-type': CONTENT_TYPE,
    authorization: `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`,
    'x-tc-action': 'SendSms',
    'x-tc-version': '2021-01-11',
    'x-tc-timestamp': String(timestamp),
    'x-tc-region': region,
  };
}

const answerOf = z.object({
  Response: z.object({
    Error: z.object({ Code: z.string() }).optional(),
    SendStatusSet: z.array(z.object({ Code: z.string() })).optional(),
  }),
});

/** Its errors come with status 200 too: one for the request, or one for the number. */
function judge(body: string): Judgement {
  const parsed = answerOf.safeParse(parseJson(body));
  const code = parsed.data?.Response.Error?.Code ?? parsed.data?.Response.SendStatusSet?.[0]?.Code;
  if (code === 'Ok') return ACCEPTED;
  if (code === undefined || !/^(?:Request)?LimitExceeded(?:\.|$)/.test(code)) return REJECTED;
  return { fault: 'rate_limited', retryAfterMs: WAITS_MS[code] ?? null };
}

/** The spans by which a number's own limits are counted. */
const WAITS_MS: Readonly<Record<string, number>> = {
  'LimitExceeded.PhoneNumberThirtySecondLimit': 30_000,
  'LimitExceeded.PhoneNumberOneHourLimit': 3_600_000,
  'LimitExceeded.PhoneNumberDailyLimit': 24 * 3_600_000,
  'LimitExceeded.PhoneNumberSameContentDailyLimit': 24 * 3_600_000,
};
