import { readFileSync } from 'node:fs';
import { type OutboundSettings, parseOutboundSettings } from '@duban/channels';

/** The file with the settings of outgoing notices cannot be used. Tells no value of it. */
export class OutboundSettingsError extends Error {
  override readonly name = 'OutboundSettingsError';
}

/**
 * How notices leave this machine.
 * @param file of the operator's, JSON; without one there is no mail and no short message, and private networks are shut
 * @throws OutboundSettingsError when the file cannot be read or is not of its form
 */
export function outboundSettings(file: string | undefined): OutboundSettings {
  if (file === undefined || file === '') return parseOutboundSettings({});
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new OutboundSettingsError(
      `DUBAN_OUTBOUND 指定的文件无法读取（${why}）。 The file that DUBAN_OUTBOUND names cannot be read (${why}).`,
    );
  }
  try {
    return parseOutboundSettings(JSON.parse(text));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new OutboundSettingsError(
      `DUBAN_OUTBOUND 指定的文件有误。 The file that DUBAN_OUTBOUND names is not right: ${why}`,
    );
  }
}
