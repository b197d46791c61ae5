import { relative } from 'node:path';
import type { Metafile } from 'esbuild';
import type { Bundle } from './bundle.ts';

export interface Sizes {
  /** The entry with everything it imports at once: what every cold start reads. */
  readonly startBytes: number;
  /** All chunks, those too that are loaded when asked for. */
  readonly allBytes: number;
}

export function sizesOf({ metafile }: Bundle): Sizes {
  const code = Object.entries(metafile.outputs).filter(([path]) => path.endsWith('.mjs'));
  const start = startOf(metafile);
  return {
    startBytes: code.filter(([path]) => start.has(path)).reduce((sum, [, { bytes }]) => sum + bytes, 0),
    allBytes: code.reduce((sum, [, { bytes }]) => sum + bytes, 0),
  };
}

/** Outputs that are loaded before the handler can answer. Dynamic imports are entries of their own to esbuild. */
function startOf({ outputs }: Metafile): ReadonlySet<string> {
  const reached = new Set<string>();
  const pending = Object.keys(outputs).filter((path) => path.endsWith('/index.mjs') && !path.includes('/chunks/'));
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    for (const { path: to, kind } of outputs[path]?.imports ?? []) if (kind === 'import-statement') pending.push(to);
  }
  return reached;
}

/** Bytes of the start by package, largest first: where a slow start comes from. */
export function startByPackage({ metafile }: Bundle): readonly { readonly name: string; readonly bytes: number }[] {
  const bytes = new Map<string, number>();
  for (const path of startOf(metafile)) {
    for (const [source, { bytesInOutput }] of Object.entries(metafile.outputs[path]?.inputs ?? {})) {
      const name = packageOf(source);
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...bytes].map(([name, sum]) => ({ name, bytes: sum })).sort((a, b) => b.bytes - a.bytes);
}

function packageOf(source: string): string {
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1];
  return installed ?? relative('.', source).split('/').slice(0, 2).join('/');
}
