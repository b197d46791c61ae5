import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Stack } from 'sst/constructs';
import type { Queues } from './queues.ts';
import { type Storage, WAKE_INDEX } from './storage.ts';

const READS = ['GetItem', 'BatchGetItem', 'Query'];

export function readLedger({ ledger }: Storage): PolicyStatement {
  return onTable('Ledger', ledger, READS);
}

/** Events and heads are put, on conditions; no row is updated in place, and none is deleted. */
export function appendToLedger({ ledger }: Storage): PolicyStatement {
  return onTable('Ledger', ledger, [...READS, 'PutItem']);
}

/**
 * Appends, and goes on with imports: lays their blobs down and takes away those of one that was refused, looks for what
 * they set going, finds in the wake index what their calendar moves, and shows what they have published.
 */
export function carryOutImports(storage: Storage): readonly PolicyStatement[] {
  return [
    onTable('Ledger', storage.ledger, [...READS, 'PutItem', 'BatchWriteItem', 'Scan']),
    queryWakes(storage),
    writeViews(storage),
  ];
}

export function readViews({ views }: Storage): PolicyStatement {
  return onTable('Views', views, READS);
}

export function writeViews({ views }: Storage): PolicyStatement {
  return onTable('Views', views, [...READS, 'PutItem', 'UpdateItem', 'DeleteItem']);
}

export function queryWakes({ ledger }: Storage): PolicyStatement {
  return new PolicyStatement({
    sid: 'WakeIndex',
    actions: ['dynamodb:Query'],
    resources: [`${ledger.tableArn}/index/${WAKE_INDEX}`],
  });
}

export function followStream({ ledger }: Storage): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'Stream',
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: [streamArn(ledger)],
    }),
    new PolicyStatement({
      sid: 'Streams',
      actions: ['dynamodb:ListStreams'],
      // Lists the streams of this table; their labels are times, and asking is what tells them.
      resources: [`${ledger.tableArn}/stream/*`],
    }),
  ];
}

export function streamArn(table: Table): string {
  if (table.tableStreamArn === undefined) throw new Error(`The table ${table.node.id} has no stream.`);
  return table.tableStreamArn;
}

export function sendTo(queue: Queue, sid: string): PolicyStatement {
  return new PolicyStatement({ sid, actions: ['sqs:SendMessage'], resources: [queue.queueArn] });
}

/** Wherever a wake is sent, one of a delivery may be among them. */
export function sendWakes({ wake, delivery }: Queues): readonly PolicyStatement[] {
  return [sendTo(wake, 'SendWakes'), sendTo(delivery, 'SendDeliveries')];
}

export function receiveFrom(queue: Queue): PolicyStatement {
  return new PolicyStatement({
    sid: 'Receive',
    actions: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    resources: [queue.queueArn],
  });
}

/** These secrets and no others; Secrets Manager decrypts them with the key on the function's behalf. */
export function readSecrets(stack: Stack, { key }: Storage, secrets: readonly CfnSecret[]): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'Secrets',
      actions: ['secretsmanager:GetSecretValue'],
      resources: secrets.map(({ attrId: arn }) => arn),
    }),
    new PolicyStatement({
      sid: 'KeyOfSecrets',
      actions: ['kms:Decrypt'],
      resources: [key.keyArn],
      conditions: viaServices(stack, 'secretsmanager'),
    }),
  ];
}

/** Mail in the name of these identities; none when mail does not leave by SES. */
export function sendMail(identities: readonly string[]): readonly PolicyStatement[] {
  if (identities.length === 0) return [];
  // A mail is handed over whole, which SES takes for raw, whichever of its calls brings it.
  return [
    new PolicyStatement({
      sid: 'Mail',
      actions: ['ses:SendEmail', 'ses:SendRawEmail'],
      resources: [...identities],
    }),
  ];
}

/** Tables and queues use the key on the function's behalf; the function itself cannot. */
export function useKey(stack: Stack, key: Key): PolicyStatement {
  return new PolicyStatement({
    sid: 'Key',
    actions: [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
    resources: [key.keyArn],
    conditions: viaServices(stack, 'dynamodb', 'sqs'),
  });
}

function viaServices({ region, urlSuffix }: Stack, ...services: readonly string[]) {
  return { StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${region}.${urlSuffix}`) } };
}

function onTable(sid: string, table: Table, actions: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    sid,
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [table.tableArn],
  });
}
