/** A use case said no for a reason outside the domain's rules. Edges map `code` to a status. */
export class ApplicationError extends Error {
  readonly code: ApplicationErrorCode;
  readonly messageZh: string;
  /** Where to find what was asked for; null when there is no such place. */
  readonly link: string | null;

  constructor(code: ApplicationErrorCode, message: string, messageZh: string, link: string | null = null) {
    super(message);
    this.link = link;
    this.name = 'ApplicationError';
    this.code = code;
    this.messageZh = messageZh;
  }
}

export type ApplicationErrorCode =
  | 'not_found'
  | 'forbidden'
  | 'precondition_failed'
  | 'conflict'
  | 'import_under_way'
  | 'idempotency_mismatch'
  | 'already_answered'
  | 'too_large';

export const notFound = () =>
  new ApplicationError('not_found', 'There is nothing here, or nothing you may see.', '没有此内容，或您无权查看。');

export const forbidden = (what: string) =>
  new ApplicationError(
    'forbidden',
    `You may read this, but ${what} is not for the posts you hold.`,
    '您可以查看，但您现任职务无权进行此操作。',
  );

/** A stored row is not of its shape. Names table, key and field; never tells the content. */
export class StoredRowError extends Error {
  override readonly name = 'StoredRowError';
  readonly tableName: string;
  readonly key: string;
  readonly field: string;

  constructor(tableName: string, key: string, field: string, fault: string) {
    super(`${tableName} ${key}: ${field}: ${fault}`);
    this.tableName = tableName;
    this.key = key;
    this.field = field;
  }
}
