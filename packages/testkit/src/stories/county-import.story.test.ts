import { importBundle } from '@duban/application';
import { importBundle as bundleSchema } from '@duban/contracts/http/imports';
import { loadCounty, toImportBundle } from '@duban/gazette';
import { LOCAL_ADMIN } from '@duban/local-cloud/issuer';
import { describe, expect, it } from 'vitest';
import { createCloudTestSystem } from '../system.ts';
import { ISSUED } from './county.ts';

const caller = {
  jurisdiction: '433122',
  actor: { person: LOCAL_ADMIN, bootstrapAdmin: true },
  correlationId: 'whole-county',
};

describe('the whole county', () => {
  it('is imported as it is printed, and changes nothing the second time', { timeout: 300_000 }, async () => {
    const whole = await createCloudTestSystem({ now: Date.parse(ISSUED), bundle: 'all of luxi' });
    try {
      const bundle = bundleSchema.parse(toImportBundle(loadCounty('luxi')));
      const again = await importBundle(whole.deps, caller, bundle, { dryRun: false, idempotency: null, wait: true });
      expect(again.problems).toEqual([]);
      expect(again.id).toBeNull();
      expect(again.difference.tasks).toEqual({ added: [], changed: [], removed: [], unchanged: 486 });
      const heads = [];
      for await (const head of whole.deps.store.scanHeads('433122')) if (head.ref.type === 'task') heads.push(head);
      expect(heads).toHaveLength(486);
    } finally {
      await whole.close();
    }
  });
});
