import type { Key } from 'aws-cdk-lib/aws-kms';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { NagSuppressions } from 'cdk-nag';
import type { Stack } from 'sst/constructs';
import type { Settings } from './settings.ts';
import { physicalName, removalOf } from './stack.ts';

export interface Secrets {
  /** The keys that addresses, signing secrets and links are sealed with. */
  readonly sealing: CfnSecret;
  /** How notices leave: the operator fills it. */
  readonly outbound: CfnSecret;
}

/**
 * CloudFormation writes a secret's value when it makes it, and again whenever `generateSecretString` or `secretString`
 * differs from what the last deployment said: a change here takes the keys of everything sealed away, or the operator's
 * settings. The CDK's own construct would open the key to the whole account.
 */
export function createSecrets(stack: Stack, settings: Settings, key: Key): Secrets {
  const sealing = secret(stack, settings, key, 'Sealing', {
    description: 'Duban: the keys that addresses, signing secrets and links are sealed with',
    generateSecretString: {
      secretStringTemplate: '{"current":"k1"}',
      generateStringKey: 'k1',
      passwordLength: 64,
      excludePunctuation: true,
    },
  });
  const outbound = secret(stack, settings, key, 'Outbound', {
    description: 'Duban: how notices leave; filled by the operator, see docs/operations.md',
    secretString: '{}',
  });
  return { sealing, outbound };
}

function secret(
  stack: Stack,
  settings: Settings,
  { keyArn: kmsKeyId }: Key,
  id: 'Sealing' | 'Outbound',
  props: ConstructorParameters<typeof CfnSecret>[2],
): CfnSecret {
  const created = new CfnSecret(stack, id, { name: physicalName(settings, id.toLowerCase()), kmsKeyId, ...props });
  created.applyRemovalPolicy(removalOf(settings));
  NagSuppressions.addResourceSuppressions(created, [{ id: 'AwsSolutions-SMG4', reason: NOT_ROTATED[id] }]);
  return created;
}

const NOT_ROTATED = {
  Sealing: 'A new key is put beside the old ones, which must stay for what they have sealed: operations.md says how.',
  Outbound: 'Holds what others have issued, a mail server or a provider of short messages: they change it, not AWS.',
} as const;
