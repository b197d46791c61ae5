import { readFile } from 'node:fs/promises';
import { type BuildResult, build, type Metafile, type Plugin } from 'esbuild';

export interface Bundle {
  readonly name: string;
  readonly metafile: Metafile;
  /** What Lambda would load: path under the out folder and text. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/**
 * zod registers the error texts of sixty languages, 264 kB, to whoever imports it whole. Faults leave this system in
 * our own Chinese and English; zod's English stays for developers.
 */
const englishZodOnly: Plugin = {
  name: 'english-zod-only',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

/** Some CommonJS modules ask for Node's own with `require`, which a module of ESM does not have. */
const requireBanner =
  "import{createRequire as dubanRequire}from'node:module';const require=dubanRequire(import.meta.url);";

/**
 * Bundles one function for Lambda: ESM, split so that what a route does not need is not read at the start. Written
 * beside what the folder holds already: the caller removes an earlier build.
 * @param version what the function says of itself
 */
export async function bundleFunction(name: string, entry: string, outdir: string, version = 'dev'): Promise<Bundle> {
  const result: BuildResult<{ write: true; metafile: true }> = await build({
    entryPoints: { index: entry },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    mainFields: ['module', 'main'],
    conditions: ['module'],
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    minify: true,
    keepNames: false,
    charset: 'utf8',
    legalComments: 'none',
    sourcemap: 'external',
    metafile: true,
    write: true,
    banner: { js: requireBanner },
    define: { 'process.env.DUBAN_VERSION': JSON.stringify(version) },
    plugins: [englishZodOnly],
    logLevel: 'warning',
  });
  return { name, metafile: result.metafile, files: await codeOf(result.metafile) };
}

async function codeOf({ outputs }: Metafile): Promise<Bundle['files']> {
  const paths = Object.keys(outputs).filter((path) => path.endsWith('.mjs'));
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, 'utf8') })));
}
