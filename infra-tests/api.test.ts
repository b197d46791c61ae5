import { LINK_PATH, OPEN_PATHS, ROUTES } from '@duban/http-api/routes';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENVIRONMENT, type Properties, type Synthesised, synthesise } from './synth.ts';

/** What a line of the access log must not say: addresses hold ids and keys, the rest is who asked. */
const PRIVATE = /\$context\.(?:path|identity|authorizer\.claims|domainName|http|extendedRequestId)|querystring|header/i;

describe.each(['ap-southeast-1', 'cn-north-1'])('the HTTP API in %s', (region) => {
  let prod: Synthesised;
  let routes: readonly { readonly method: string; readonly path: string; readonly authorization: string }[];
  beforeAll(async () => {
    prod = await synthesise('prod', region);
    routes = prod.properties('AWS::ApiGatewayV2::Route').map(({ RouteKey, AuthorizationType }) => {
      const [method = '', path = ''] = String(RouteKey).split(' ');
      return { method, path, authorization: AuthorizationType };
    });
  });

  /** As API Gateway chooses: the address with the fewest unknown parts, a greedy one last. */
  const routeOf = (method: string, path: string) => {
    const vague = (known: string) => (known.match(/\{/g)?.length ?? 0) + (known.includes('+}') ? 10 : 0);
    return routes
      .filter((route) => route.method === method)
      .filter((route) =>
        new RegExp(`^${route.path.replace(/\{\w+\+\}/, '.+').replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
      )
      .sort((a, b) => vague(a.path) - vague(b.path))[0];
  };

  it('checks a token before every address that needs one, and only there', () => {
    for (const { method, path, keyed = false } of ROUTES) {
      expect(routeOf(method, path.replace(/\{(\w+)\}/g, '$1')), path).toMatchObject({
        authorization: keyed ? 'NONE' : 'JWT',
      });
    }
    for (const path of OPEN_PATHS) {
      expect(routeOf('GET', path.replace('{file}', 'x.css')), path).toMatchObject({ authorization: 'NONE' });
    }
    const open = routes
      .filter(({ authorization }) => authorization === 'NONE')
      .map(({ method, path }) => `${method} ${path}`);
    const asked = [...OPEN_PATHS, '/v1/calendars/{file}', LINK_PATH].map((path) => `GET ${path}`);
    // What a link in a mail opens asks first, and does it when it is posted back.
    expect(open.sort()).toEqual([...asked, `POST ${LINK_PATH}`].sort());
  });

  it('takes tokens of the county’s issuer for its own audience alone', () => {
    expect(prod.properties('AWS::ApiGatewayV2::Authorizer')).toEqual([
      expect.objectContaining({
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Audience: [ENVIRONMENT.DUBAN_AUDIENCE], Issuer: ENVIRONMENT.DUBAN_ISSUER },
      }),
    ]);
  });

  it('sheds what is more than it was built for', () => {
    const [stage] = prod.properties('AWS::ApiGatewayV2::Stage');
    expect(stage?.DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 });
  });

  it('logs each access, by route and not by address, without the caller', () => {
    const [stage] = prod.properties('AWS::ApiGatewayV2::Stage') as [Properties];
    const format = String(stage.AccessLogSettings.Format);
    expect(JSON.parse(format)).toMatchObject({ route: '$context.routeKey', status: '$context.status' });
    expect(format).not.toMatch(PRIVATE);
  });

  it('answers before the gateway gives up', () => {
    const handler = prod
      .properties('AWS::Lambda::Function')
      .find(({ FunctionName }) => FunctionName === 'prod-duban-api');
    expect(handler?.Timeout).toBeLessThan(30);
  });
});
