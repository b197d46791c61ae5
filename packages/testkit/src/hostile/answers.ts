import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ApiDocument, DocumentedAnswer, Operation } from './document.ts';
import type { Answered } from './world.ts';

export interface AnswerCheck {
  /** What an answer has that the document does not tell; nothing: null. */
  faultOf(operation: Operation, answered: Answered): string | null;
  /** The same of an address that is no operation's any more: `..` in the place of an id leads to another one. */
  faultElsewhere(answered: Answered): string | null;
}

/** Compares answers with the document: status, media type, schema; and what must hold of every refusal. */
export function createAnswerCheck(document: ApiDocument): AnswerCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'document', components: document.components });
  const compiled = new Map<DocumentedAnswer, ValidateFunction>();
  const validatorOf = (answer: DocumentedAnswer) => {
    const known = compiled.get(answer);
    if (known !== undefined) return known;
    const text = JSON.stringify(answer.schema).replaceAll('"#/components/', '"document#/components/');
    const made = ajv.compile(JSON.parse(text));
    compiled.set(answer, made);
    return made;
  };
  const faultOf = (operation: Operation, answered: Answered): string | null => {
    const { status, text } = answered;
    const documented = operation.answers[status] ?? (status >= 400 ? operation.answers.default : undefined);
    if (status < 500 && documented === undefined) return `status ${status} is not documented`;
    const fault = faultOfAny(answered, documented?.mediaType ?? null);
    if (fault !== null || documented === undefined || documented.schema === null) return fault;
    const body: unknown = JSON.parse(text);
    if (status >= 400 && (body as { status?: number }).status !== status) return `${status} says another status`;
    const validate = validatorOf(documented);
    if (validate(body)) return null;
    const [first] = validate.errors ?? [];
    return `${status} is not of its schema: ${first?.instancePath} ${first?.message} ${JSON.stringify(first?.params)}`;
  };
  const faultElsewhere = (answered: Answered) => faultOfAny(answered, answered.status < 400 ? null : PROBLEM);
  return { faultOf, faultElsewhere };
}

const PROBLEM = 'application/problem+json';

/** @param mediaType that it must be of; null: of any */
function faultOfAny({ status, headers, written }: Answered, mediaType: string | null): string | null {
  if (status >= 500) return `answered ${status}`;
  const type = headers.get('content-type') ?? '';
  if (mediaType !== null && bare(type) !== bare(mediaType)) return `${status} is ${type}, not ${mediaType}`;
  return status >= 400 && written.length > 0 ? `${status} and yet it wrote ${written.join(', ')}` : null;
}

function bare(mediaType: string): string {
  return mediaType.split(';')[0]?.trim().toLowerCase() ?? '';
}
