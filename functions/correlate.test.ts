import { expect, it } from 'vitest';
import { correlated, type GatewayEvent } from './correlate.ts';

const event = (headers: Record<string, string>) =>
  ({ headers, requestContext: { requestId: 'JKJaXmPLvHcESHA=' } }) as unknown as GatewayEvent;

it('takes the gateway’s id of the request when the caller names none', () => {
  expect(correlated(event({ accept: '*/*' })).headers).toEqual({
    accept: '*/*',
    'x-correlation-id': 'JKJaXmPLvHcESHA',
  });
});

it('leaves the caller’s own', () => {
  expect(correlated(event({ 'x-correlation-id': 'my-own-0001' })).headers).toEqual({
    'x-correlation-id': 'my-own-0001',
  });
});
