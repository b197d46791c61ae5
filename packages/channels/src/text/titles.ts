import type { MessageLine } from '@duban/application';

/** Whose titles come out of documents; a problem's is what somebody said at a door, an incident's is its text. */
const FROM_DOCUMENTS: ReadonlySet<string> = new Set(['task', 'duty']);

/** The title for whoever the message is addressed to alone. Never an incident's, whatever was passed. */
export const printableTitle = ({ itemType, title }: MessageLine): string | null =>
  itemType === 'incident' ? null : title;

/** The title for a group chat, where anybody may read it. */
export const publicTitle = ({ itemType, title }: MessageLine): string | null =>
  FROM_DOCUMENTS.has(itemType) ? title : null;
