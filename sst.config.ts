import type { SSTConfig } from 'sst';
import { buildForDeployment } from './scripts/build/functions.ts';
import { createStacks } from './stacks/index.ts';
import { readSettings } from './stacks/settings.ts';

export default {
  config: () => ({
    name: 'duban',
    region: process.env.AWS_REGION ?? 'ap-southeast-1',
    // One bucket less to keep shut: SST's record of deployments lies in the one that CDK has for its assets.
    bootstrap: { useCdkBucket: true },
  }),
  async stacks(app) {
    const settings = readSettings(app.stage, process.env);
    await buildForDeployment(settings.bundles);
    createStacks(app, settings);
  },
} satisfies SSTConfig;
