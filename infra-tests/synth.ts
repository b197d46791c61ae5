import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { App } from 'sst/constructs';
import { afterAll } from 'vitest';
import { FUNCTIONS } from '../scripts/build/functions.ts';
import { createStacks } from '../stacks/index.ts';
import { readSettings } from '../stacks/settings.ts';

/** What a county would have in its `.env.<stage>`. */
export const ENVIRONMENT = {
  DUBAN_ISSUER: 'https://id.example/realms/county',
  DUBAN_AUDIENCE: 'duban',
  DUBAN_JWKS_URL: 'https://id.example/realms/county/keys',
  DUBAN_DEFAULT_JURISDICTION: '433122',
  DUBAN_BOOTSTRAP_ADMINS: 'first-admin',
  DUBAN_ALARM_EMAILS: 'duty@county.example',
};

// biome-ignore lint/suspicious/noExplicitAny: tests look into what CloudFormation has no type for
export type Properties = Readonly<Record<string, any>>;
export interface Resource {
  readonly Type: string;
  readonly Properties: Properties;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'duban-synth-'));
  folders.push(made);
  return made;
}

/** Stands for the bundles: what a template says does not depend on what they hold. */
function stubBundles(): string {
  const bundles = folder();
  for (const name of FUNCTIONS) {
    mkdirSync(join(bundles, name));
    writeFileSync(join(bundles, name, 'index.mjs'), 'export const handler = () => undefined;\n');
  }
  return bundles;
}

/** All stacks of a stage as CloudFormation would get them. */
export class Synthesised {
  readonly assembly: CloudAssembly;

  constructor(assembly: CloudAssembly) {
    this.assembly = assembly;
  }

  get templates(): Readonly<Record<string, { readonly Resources: Readonly<Record<string, Resource>> }>> {
    return Object.fromEntries(this.assembly.stacks.map(({ stackName, template }) => [stackName, template]));
  }

  /** Resources of a type, in all stacks, by their logical ids. */
  resources(type: string): Readonly<Record<string, Resource>> {
    return Object.fromEntries(
      Object.values(this.templates)
        .flatMap(({ Resources }) => Object.entries(Resources))
        .filter(([, resource]) => resource.Type === type),
    );
  }

  properties(type: string): readonly Properties[] {
    return Object.values(this.resources(type)).map((resource) => resource.Properties);
  }
}

/**
 * Synthesises all stacks of a stage, offline.
 * @param more settings beside those every county has
 */
export async function synthesise(
  stage: string,
  region: string,
  prepare: (app: App) => void = () => undefined,
  more: Readonly<Record<string, string>> = {},
): Promise<Synthesised> {
  // Tells SST that there is no account to ask.
  process.env.NODE_ENV = 'test';
  const { initProject } = await import('sst/project.js');
  const { App: SstApp } = await import('sst/constructs');
  await initProject({ stage, region, root: process.cwd() });
  const app = new SstApp(
    { mode: 'deploy', stage, name: 'duban', region, account: '123456789012' },
    { outdir: folder() },
  );
  createStacks(app, readSettings(stage, { ...ENVIRONMENT, ...more }, stubBundles()));
  prepare(app);
  await app.finish();
  return new Synthesised(app.synth());
}
