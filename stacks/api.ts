import { Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { NagSuppressions } from 'cdk-nag';
import type { App } from 'sst/constructs';
import { pipelineEnvironment } from './environment.ts';
import { dubanFunction, logGroupOf } from './function.ts';
import { carryOutImports, readSecrets, sendWakes } from './permissions.ts';
import type { Queues } from './queues.ts';
import type { Settings } from './settings.ts';
import { emptyStack, physicalName } from './stack.ts';
import type { Storage } from './storage.ts';

export interface Api {
  readonly api: HttpApi;
  readonly handler: LambdaFunction;
}

/** Addresses without a token, each with why the gateway asks for none. */
const OPEN_ROUTES = [
  ...['/healthz', '/openapi.json', '/docs', '/docs/{file}'].map((path) => ({
    path,
    methods: [HttpMethod.GET],
    reason: 'Says nothing of the county: whether it runs, and what its API is.',
  })),
  {
    path: '/v1/calendars/{file}',
    methods: [HttpMethod.GET],
    reason: 'A calendar program cannot sign in: the key in the link is checked by the handler, and a token as well.',
  },
  {
    path: '/a/{token}',
    methods: [HttpMethod.GET, HttpMethod.POST],
    reason:
      'Opened from a mail: what stands in the link was sealed by us, expires and works once; the handler checks it.',
  },
];

/** What a line of the access log says: no address with its ids and keys, no caller, no network address. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  handlerMs: '$context.integrationLatency',
  handlerError: '$context.integrationErrorMessage',
  refused: '$context.authorizer.error',
  error: '$context.error.messageString',
};

export function apiStack(app: App, settings: Settings, storage: Storage, queues: Queues): Api {
  const stack = emptyStack(app, 'api', 'Duban: the HTTP API');
  const handler = dubanFunction(stack, settings, storage, {
    name: 'api',
    description: 'The HTTP API',
    // The gateway gives up after 30.
    timeout: Duration.seconds(29),
    memoryMb: 1769,
    environment: {
      ...pipelineEnvironment(storage, queues),
      DUBAN_SEALING_SECRET: storage.secrets.sealing.attrId,
      DUBAN_ISSUER: settings.issuer,
      DUBAN_AUDIENCE: settings.audience,
      DUBAN_JWKS_URL: settings.jwksUrl,
      DUBAN_DEFAULT_JURISDICTION: settings.defaultJurisdiction,
      DUBAN_BOOTSTRAP_ADMINS: settings.bootstrapAdmins.join(','),
    },
    allowed: [
      ...carryOutImports(storage),
      ...sendWakes(queues),
      ...readSecrets(stack, storage, [storage.secrets.sealing]),
    ],
  });
  const api = new HttpApi(stack, 'Http', {
    apiName: physicalName(settings, 'api'),
    description: 'Duban: the HTTP API',
    createDefaultStage: false,
    defaultAuthorizer: new HttpJwtAuthorizer('CountyIdentityProvider', settings.issuer, {
      authorizerName: 'county-identity-provider',
      jwtAudience: [settings.audience],
      identitySource: ['$request.header.Authorization'],
    }),
  });
  const integration = new HttpLambdaIntegration('Handler', handler);
  api.addRoutes({ path: '/v1/{proxy+}', methods: [HttpMethod.GET, HttpMethod.POST], integration });
  const open = new HttpNoneAuthorizer();
  for (const { reason, ...route } of OPEN_ROUTES) {
    for (const added of api.addRoutes({ ...route, integration, authorizer: open })) {
      NagSuppressions.addResourceSuppressions(added, [{ id: 'AwsSolutions-APIG4', reason }]);
    }
  }
  new HttpStage(stack, 'Stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: { rateLimit: settings.requestsPerSecond, burstLimit: settings.requestBurst },
    accessLogSettings: {
      destination: new LogGroupLogDestination(logGroupOf(stack, settings, storage.key, 'AccessLog', 'access')),
      format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
    },
  });
  stack.addOutputs({ Url: api.apiEndpoint });
  return { api, handler };
}
