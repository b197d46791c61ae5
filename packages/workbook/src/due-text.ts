/** A deadline as documents print it. */
export interface PrintedDue {
  /** `YYYY-MM-DD`, the last day. */
  readonly due: string;
  readonly ongoing: boolean;
}

const PRINTED = /^(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日|底)|底)前?((?:，|、)?(?:并|且)?(?:持续推进|长期坚持))?$/;

/**
 * 2023年9月底, 2023年10月底前, 2023年12月31日前, 2023年底, 2023年9月底并持续推进. Null for anything else: a date that
 * is not certain must not be made up.
 */
export function parsePrintedDue(text: string): PrintedDue | null {
  const found = PRINTED.exec(text.replace(/\s+/g, ''));
  if (found === null) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2] ?? 12), found[3]];
  if (month < 1 || month > 12) return null;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const date = day === undefined ? last : Number(day);
  if (date < 1 || date > last) return null;
  return { due: `${found[1]}-${two(month)}-${two(date)}`, ongoing: found[4] !== undefined };
}

/** 2023-9-1, 2023/09/01, 2023.9.1: as people type dates. Null for anything else. */
export function parseTypedDate(text: string): string | null {
  const found = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(text.trim());
  return found === null ? null : `${found[1]}-${two(Number(found[3]))}-${two(Number(found[4]))}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
