import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/**
 * The text of a secret.
 * @throws Error when it has none, or the client's own when it cannot be read
 */
export async function readSecret(arn: string): Promise<string> {
  const client = new SecretsManagerClient({});
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (!SecretString) throw new Error('The secret has no text.');
    return SecretString;
  } finally {
    client.destroy();
  }
}
