/** Prints figures for a reader: one table a part, nested figures under their own name. */
export function showTables(figures: Readonly<Record<string, unknown>>): void {
  for (const [name, part] of Object.entries(figures)) {
    console.log(`\n${name}`);
    if (Array.isArray(part)) console.table(part);
    else if (typeof part === 'object' && part !== null) console.table(flat(part as Readonly<Record<string, unknown>>));
  }
}

function flat(figure: Readonly<Record<string, unknown>>, prefix = ''): Record<string, unknown> {
  const entries = Object.entries(figure).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? Object.entries(flat(value as Readonly<Record<string, unknown>>, `${prefix}${name}.`))
      : [[`${prefix}${name}`, value] as const],
  );
  return Object.fromEntries(entries);
}
