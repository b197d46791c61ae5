import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** A row as the service sees it. */
export type Item = Record<string, AttributeValue>;

/**
 * A row as it arrives: the streams of Lambda and the lean protocol of `createDynamoClient` leave binary values in
 * base64, the SDK's own protocol decodes them.
 */
export type ReceivedItem = Readonly<Record<string, Readonly<Record<string, unknown>> | AttributeValue>>;

/** Bytes that `JSON.stringify` writes as DynamoDB expects them; to the SDK's own protocol they are plain bytes. */
export class WireBytes extends Uint8Array {
  toJSON(): string {
    return Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString('base64');
  }
}

export function textValue(value: string): AttributeValue.SMember {
  return { S: value };
}

export function numberValue(value: number): AttributeValue.NMember {
  return { N: String(value) };
}

export function bytesValue(value: Uint8Array): AttributeValue.BMember {
  return { B: new WireBytes(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength) };
}

/** Turns a flat row into plain values; other attribute types than S, N and B come out as `undefined`. */
export function flatten(item: ReceivedItem): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const name in item) flat[name] = plainValue(item[name] as Readonly<Record<string, unknown>>);
  return flat;
}

function plainValue(value: Readonly<Record<string, unknown>>): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (typeof value.B === 'string') return Buffer.from(value.B, 'base64');
  return value.B;
}

/** Bytes the service counts for a row: names and values in UTF-8; numbers are counted a little too high. */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const name in item) {
    const value = item[name];
    bytes += Buffer.byteLength(name);
    if (value?.S !== undefined) bytes += Buffer.byteLength(value.S);
    else if (value?.N !== undefined) bytes += value.N.length;
    else if (value?.B !== undefined) bytes += value.B.byteLength;
  }
  return bytes;
}
