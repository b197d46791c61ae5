import type { LambdaEvent } from 'hono/aws-lambda';

/** A request as an HTTP API hands it over. */
export type GatewayEvent = Extract<LambdaEvent, { rawPath: string }>;

const HEADER = 'x-correlation-id';

/**
 * A caller that names no correlation id gets the gateway's own of the request: the access log and everything that
 * follows from it then say the same.
 */
export function correlated(event: GatewayEvent): GatewayEvent {
  if (event.headers[HEADER] !== undefined) return event;
  // It ends with characters that a correlation id does not take.
  const id = event.requestContext.requestId.replace(/[^A-Za-z0-9_-]/g, '');
  return { ...event, headers: { ...event.headers, [HEADER]: id } };
}
