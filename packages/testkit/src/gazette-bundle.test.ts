import { importBundle } from '@duban/contracts/http/imports';
import { loadCounty, toImportBundle } from '@duban/gazette';
import { expect, it } from 'vitest';

it('the gazette’s county is a bundle as the API takes it', () => {
  const bundle = toImportBundle(loadCounty('luxi'));
  const parsed = importBundle.safeParse(JSON.parse(JSON.stringify(bundle)));
  expect(parsed.error?.issues ?? []).toEqual([]);
  expect(parsed.data?.tasks).toHaveLength(bundle.tasks.length);
});
