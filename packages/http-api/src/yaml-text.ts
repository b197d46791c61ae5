import type { LineCounter, Range, YAMLMap } from 'yaml';

/** Deeper than any schema here goes, and than anybody writes by hand. */
const MOST_OPEN_BRACKETS = 50;

/** Text that is not YAML, or not YAML to be read here. */
export class YamlFault extends Error {
  override readonly name = 'YamlFault';
  /** Where it shows, from 1; undefined: nowhere in particular. */
  readonly line: number | undefined;

  constructor(line?: number) {
    super('Not YAML to be read here.');
    this.line = line;
  }
}

/**
 * The value of a YAML document, in time that grows with its length: the library compares each key with all before it,
 * so that 400 kB of keys would hold a processor for half a minute, and reports each of a million brackets that nobody
 * closed.
 * @throws YamlFault
 */
export async function parseYaml(text: string): Promise<unknown> {
  const { Lexer, LineCounter, parseDocument, visit, isScalar, YAMLParseError } = await import('yaml');
  refuseDepth(new Lexer().lex(text));
  try {
    const lines = new LineCounter();
    const document = parseDocument(text, { logLevel: 'error', uniqueKeys: false, lineCounter: lines });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    visit(document, { Map: (_, map) => refuseRepeats(map, isScalar, lines) });
    return document.toJS();
  } catch (error) {
    if (error instanceof YamlFault) throw error;
    throw new YamlFault(error instanceof YAMLParseError ? error.linePos?.[0]?.line : undefined);
  }
}

function refuseDepth(tokens: Iterable<string>): void {
  let open = 0;
  let line = 1;
  for (const token of tokens) {
    if (token === '[' || token === '{') open += 1;
    else if (token === ']' || token === '}') open -= 1;
    else line += token.split('\n').length - 1;
    if (open > MOST_OPEN_BRACKETS) throw new YamlFault(line);
  }
}

/** A key written twice would silently win over the first. */
function refuseRepeats(
  map: YAMLMap,
  isScalar: (node: unknown) => node is { readonly value: unknown; readonly range?: Range | null },
  lines: LineCounter,
): void {
  const seen = new Set<unknown>();
  for (const { key } of map.items) {
    const value = isScalar(key) ? key.value : key;
    if (seen.has(value)) throw new YamlFault(isScalar(key) ? lines.linePos(key.range?.[0] ?? 0).line : undefined);
    seen.add(value);
  }
}
