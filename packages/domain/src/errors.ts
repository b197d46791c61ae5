/**
 * A rule of the domain said no. `code` is stable and public; `message` tells a person what to do, in English and Chinese.
 * Edges map codes to statuses; anything else that is thrown is a fault of ours.
 */
export class DomainError extends Error {
  readonly code: DomainErrorCode;
  readonly messageZh: string;
  /** JSON pointer into the request body, when one field is at fault. */
  readonly pointer: string | null;

  constructor(code: DomainErrorCode, message: string, messageZh: string, pointer: string | null = null) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.messageZh = messageZh;
    this.pointer = pointer;
  }
}

export type DomainErrorCode =
  | 'not_found'
  | 'already_exists'
  | 'wrong_status'
  | 'not_allowed'
  | 'unknown_reference'
  | 'missing_basis'
  | 'missing_authority'
  | 'invalid_due'
  | 'already_decided'
  | 'hold_too_long'
  | 'facts_missing'
  | 'review_missing'
  | 'already_answered'
  | 'wrong_mode'
  | 'notice_too_short'
  | 'approval_missing'
  | 'own_escalation';
