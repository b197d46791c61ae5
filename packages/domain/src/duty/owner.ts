import type { Structure } from '../structure/structure.ts';

/** A duty's owner as it is stored: `unit:<code>` or `post:<code>`. */
export function readOwner(owner: string): { readonly isPost: boolean; readonly code: string } {
  return { isPost: owner.startsWith('post:'), code: owner.slice(owner.indexOf(':') + 1) };
}

/** The unit that owes it, a post's own; null when the structure does not know the owner. */
export function unitOfOwner(owner: string, structure: Structure): string | null {
  const { isPost, code } = readOwner(owner);
  return (isPost ? structure.post(code)?.unit : structure.unit(code)?.code) ?? null;
}
