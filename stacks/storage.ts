import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { App, Stack } from 'sst/constructs';
import { createSecrets, type Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import { emptyStack, physicalName, removalOf } from './stack.ts';

export interface Storage {
  /** Encrypts tables, secrets, queues, logs and alarms. */
  readonly key: Key;
  readonly ledger: Table;
  readonly views: Table;
  readonly secrets: Secrets;
}

export const WAKE_INDEX = 'wake';

export function storageStack(app: App, settings: Settings): Storage {
  const stack = emptyStack(app, 'storage', 'Duban: the ledger, its views, its secrets, and the key that encrypts them');
  const key = encryptionKey(stack, settings);
  const ledger = table(stack, settings, key, 'Ledger', {
    stream: StreamViewType.NEW_IMAGE,
    // Only the claims of idempotency keys carry it: everything else in the ledger stays.
    timeToLiveAttribute: 'expiresAt',
  });
  ledger.addGlobalSecondaryIndex({
    indexName: WAKE_INDEX,
    partitionKey: { name: 'wakeShard', type: AttributeType.STRING },
    sortKey: { name: 'nextWakeAt', type: AttributeType.NUMBER },
    projectionType: ProjectionType.KEYS_ONLY,
  });
  const views = table(stack, settings, key, 'Views', {});
  stack.addOutputs({ LedgerTable: ledger.tableName, ViewsTable: views.tableName });
  return { key, ledger, views, secrets: createSecrets(stack, settings, key) };
}

function table(
  stack: Stack,
  settings: Settings,
  encryptionKey: Key,
  id: 'Ledger' | 'Views',
  more: { readonly stream?: StreamViewType; readonly timeToLiveAttribute?: string },
): Table {
  return new Table(stack, id, {
    tableName: physicalName(settings, id.toLowerCase()),
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: !settings.isPersonal,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey,
    removalPolicy: removalOf(settings),
    ...more,
  });
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>;

function encryptionKey(stack: Stack, settings: Settings): Key {
  const key = new Key(stack, 'Key', {
    alias: `alias/${physicalName(settings, 'data')}`,
    description: 'Duban: tables, secrets, queues, logs and alarms',
    enableKeyRotation: true,
    removalPolicy: removalOf(settings),
  });
  const allow = (sid: string, principal: ServicePrincipal, actions: string[], conditions: Conditions): void => {
    // In a key's own policy the resource `*` is this key.
    key.addToResourcePolicy(
      new PolicyStatement({ sid, principals: [principal], actions, resources: ['*'], conditions }),
    );
  };
  allow(
    'LogGroups',
    new ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`),
    ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:/duban/${settings.stage}/*`,
      },
    },
  );
  allow('Alarms', new ServicePrincipal('cloudwatch.amazonaws.com'), ['kms:Decrypt', 'kms:GenerateDataKey'], {
    StringEquals: { 'aws:SourceAccount': stack.account },
  });
  return key;
}
