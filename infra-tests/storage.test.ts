import { parseOutboundSettings } from '@duban/channels';
import { ledgerTable, TIME_TO_LIVE_ATTRIBUTE, tableNames, viewsTable } from '@duban/dynamodb';
import { parseKeyRing } from '@duban/sealing';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Resource, type Synthesised, synthesise } from './synth.ts';

describe.each(['ap-southeast-1', 'cn-north-1'])('storage in %s', (region) => {
  let prod: Synthesised;
  let tables: readonly Resource[];
  beforeAll(async () => {
    prod = await synthesise('prod', region);
    tables = Object.values(prod.resources('AWS::DynamoDB::Table'));
  });

  it('has the two tables, paid by request, recoverable to any second, protected, and kept when their stack goes', () => {
    expect(tables).toHaveLength(2);
    for (const { Properties, DeletionPolicy, UpdateReplacePolicy } of tables) {
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
      });
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    }
  });

  it('encrypts them with a key of its own that is rotated', () => {
    const [[id, key] = []] = Object.entries(prod.resources('AWS::KMS::Key'));
    expect(key).toMatchObject({ Properties: { EnableKeyRotation: true }, DeletionPolicy: 'Retain' });
    for (const { Properties } of tables) {
      expect(Properties.SSESpecification).toMatchObject({ SSEEnabled: true, SSEType: 'KMS' });
      expect(Properties.SSESpecification.KMSMasterKeyId).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
    }
  });

  it('keeps two secrets under the same key, for good', () => {
    const secrets = Object.values(prod.resources('AWS::SecretsManager::Secret'));
    const [[id] = []] = Object.entries(prod.resources('AWS::KMS::Key'));
    expect(secrets.map(({ Properties }) => Properties.Name)).toEqual(['prod-duban-sealing', 'prod-duban-outbound']);
    for (const { Properties, DeletionPolicy, UpdateReplacePolicy } of secrets) {
      expect(Properties.KmsKeyId).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    }
  });

  it('writes their values once: CloudFormation does again whenever these say something else', () => {
    const [sealing, outbound] = prod.properties('AWS::SecretsManager::Secret');
    // Another letter here, and everything that was sealed is lost at the next deployment, or the operator's settings are.
    expect(sealing?.GenerateSecretString).toEqual({
      SecretStringTemplate: '{"current":"k1"}',
      GenerateStringKey: 'k1',
      PasswordLength: 64,
      ExcludePunctuation: true,
    });
    expect(outbound?.SecretString).toBe('{}');
    const generated = { ...JSON.parse('{"current":"k1"}'), k1: 'x'.repeat(64) };
    expect(parseKeyRing(JSON.stringify(generated)).current).toBe('k1');
    expect(parseOutboundSettings(JSON.parse('{}')).mail).toBeNull();
  });

  it('has the shape that the ledger and the views of one machine have', () => {
    const names = tableNames('prod-duban-');
    for (const local of [ledgerTable(names.ledger), viewsTable(names.views)]) {
      const deployed = tables.find(({ Properties }) => Properties.TableName === local.TableName)?.Properties;
      expect(deployed?.KeySchema).toEqual(local.KeySchema);
      expect(deployed?.GlobalSecondaryIndexes).toEqual(local.GlobalSecondaryIndexes);
      expect(deployed?.AttributeDefinitions).toEqual(local.AttributeDefinitions);
      expect(deployed?.StreamSpecification?.StreamViewType).toEqual(local.StreamSpecification?.StreamViewType);
    }
  });

  it('forgets nothing but what carries the attribute of idempotency claims', () => {
    const forgetting = tables.map(({ Properties }) => [Properties.TableName, Properties.TimeToLiveSpecification]);
    expect(forgetting).toEqual([
      ['prod-duban-ledger', { AttributeName: TIME_TO_LIVE_ATTRIBUTE, Enabled: true }],
      ['prod-duban-views', undefined],
    ]);
  });
});

describe('storage of a personal stage', () => {
  it('goes with its stack, and is recoverable all the same', async () => {
    const own = await synthesise('dev-li', 'ap-southeast-1');
    for (const { Properties, DeletionPolicy } of Object.values(own.resources('AWS::DynamoDB::Table'))) {
      expect(Properties.DeletionProtectionEnabled).toBe(false);
      expect(Properties.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
      expect(DeletionPolicy).toBe('Delete');
    }
    const secrets = Object.values(own.resources('AWS::SecretsManager::Secret'));
    expect(secrets.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Delete', 'Delete']);
  });
});
