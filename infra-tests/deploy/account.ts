import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { GetRolePolicyCommand, IAMClient, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { REGION } from './local-aws.ts';

type Item = NonNullable<PutItemCommand['input']['Item']>;

/** The account a test deploys to, as its owner sees it. */
export class Account {
  readonly #prefix: string;
  readonly #endpoint: string;
  readonly #iam: IAMClient;
  readonly #sqs: SQSClient;
  readonly #database: DynamoDBClient;
  readonly #logs: CloudWatchLogsClient;
  readonly #secrets: SecretsManagerClient;

  /** @param stage whose tables, queues and roles these are */
  constructor(endpoint: string, stage: string) {
    const options = { endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    this.#prefix = `${stage}-duban-`;
    this.#endpoint = endpoint;
    this.#iam = new IAMClient(options);
    this.#sqs = new SQSClient({ ...options, useQueueUrlAsEndpoint: false });
    this.#database = new DynamoDBClient(options);
    this.#logs = new CloudWatchLogsClient(options);
    this.#secrets = new SecretsManagerClient(options);
  }

  close(): void {
    for (const client of [this.#iam, this.#sqs, this.#database, this.#logs, this.#secrets]) client.destroy();
  }

  /** The emulator takes a batch for an action of its own; AWS has none, and asks for `sqs:SendMessage` alone. */
  async allowBatches(): Promise<void> {
    const { Roles = [] } = await this.#iam.send(new ListRolesCommand({}));
    for (const { RoleName = '' } of Roles.filter((role) => role.RoleName?.startsWith(this.#prefix))) {
      const { PolicyDocument = '' } = await this.#iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'work' }));
      const { Statement, ...document } = JSON.parse(decodeURIComponent(PolicyDocument)) as Policy;
      const sending = Statement.filter(({ Action }) => Action === 'sqs:SendMessage').map((statement) => ({
        ...statement,
        Action: 'sqs:SendMessageBatch',
      }));
      if (sending.length === 0) continue;
      const batches = JSON.stringify({ ...document, Statement: sending });
      await this.#iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'batches', PolicyDocument: batches }));
    }
  }

  /** What fails comes again at once, where a test cannot wait for the twelve minutes that are deployed. */
  async hurry(queue: string): Promise<void> {
    const Attributes = { VisibilityTimeout: '1' };
    await this.#sqs.send(new SetQueueAttributesCommand({ QueueUrl: this.#url(queue), Attributes }));
  }

  async send(queue: string, bodies: readonly string[]): Promise<void> {
    const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    await this.#sqs.send(new SendMessageBatchCommand({ QueueUrl: this.#url(queue), Entries }));
  }

  /** Messages that lie in a queue, in hand or not. */
  async depth(queue: string): Promise<number> {
    const { Attributes = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#url(queue), AttributeNames: ['All'] }),
    );
    return ['', 'NotVisible', 'Delayed'].reduce(
      (sum, kind) => sum + Number((Attributes as Record<string, string>)[`ApproximateNumberOfMessages${kind}`]),
      0,
    );
  }

  async head(id: string): Promise<Item> {
    const Key = { pk: { S: `433122#task#${id}` }, sk: { S: 'head' } };
    const { Item: found } = await this.#database.send(
      new GetItemCommand({ TableName: `${this.#prefix}ledger`, Key, ConsistentRead: true }),
    );
    if (found === undefined) throw new Error(`There is no ${id}.`);
    return found;
  }

  async putHead(item: Item): Promise<void> {
    await this.#database.send(new PutItemCommand({ TableName: `${this.#prefix}ledger`, Item: item }));
  }

  /** Everything the ledger has of one aggregate, as it lies there. */
  async rows(type: string, id: string): Promise<readonly Item[]> {
    const { Items = [] } = await this.#database.send(
      new QueryCommand({
        TableName: `${this.#prefix}ledger`,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `433122#${type}#${id}` } },
      }),
    );
    return Items;
  }

  /** As the operator fills it. */
  async putSecret(name: string, SecretString: string): Promise<void> {
    await this.#secrets.send(new PutSecretValueCommand({ SecretId: `${this.#prefix}${name}`, SecretString }));
  }

  async readSecret(name: string): Promise<string> {
    const { SecretString = '' } = await this.#secrets.send(
      new GetSecretValueCommand({ SecretId: `${this.#prefix}${name}` }),
    );
    return SecretString;
  }

  async secrets(): Promise<readonly string[]> {
    const { SecretList = [] } = await this.#secrets.send(new ListSecretsCommand({}));
    return SecretList.flatMap(({ Name = '' }) => (Name.startsWith(this.#prefix) ? [Name] : []));
  }

  async tables(): Promise<readonly string[]> {
    const { TableNames = [] } = await this.#database.send(new ListTablesCommand({}));
    return TableNames.filter((name) => name.startsWith(this.#prefix));
  }

  /** Every line that our functions have logged, parsed. */
  async logged(name: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const logGroupName = `/duban/${this.#prefix.split('-')[0]}/${name}`;
    const { events = [] } = await this.#logs.send(new FilterLogEventsCommand({ logGroupName }));
    return events
      .map(({ message = '' }) => message.trim())
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  #url(queue: string): string {
    return `${this.#endpoint}/000000000000/${this.#prefix}${queue}`;
  }
}

interface Policy {
  readonly Statement: readonly { readonly Action: string | readonly string[] }[];
}
