import { DomainError } from '../src/index.ts';

/** The refusal's code and pointer, for which its texts in both languages must be there; anything else is passed on. */
export function refusal(decide: () => unknown): string | null {
  try {
    decide();
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (
      !/^[ -~]+\.$/.test(error.message.replaceAll(/[“”：、\p{Script=Han}]/gu, '')) ||
      !/\p{Script=Han}.*。$/u.test(error.messageZh)
    ) {
      throw new Error(`not a text in both languages: ${error.message} / ${error.messageZh}`);
    }
    return error.pointer === null ? error.code : `${error.code} ${error.pointer}`;
  }
}
