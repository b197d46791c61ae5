import { chunksOf, type ViewStore } from '@duban/application';

/** Aggregates whose views are written between two looks at whether somebody goes first; each has a dozen rows. */
const PORTION = 20;

/**
 * Brings views up to date some at a time. What cannot be written holds up none of the others; the first error is thrown when
 * all have been tried.
 * @param goFirst resolves when the next portion may be written
 */
export function inPortions(views: Pick<ViewStore, 'apply'>, goFirst: () => Promise<void>): Pick<ViewStore, 'apply'> {
  return {
    apply: async (projections) => {
      const failures: unknown[] = [];
      for (const portion of chunksOf(projections, PORTION)) {
        await goFirst();
        await views.apply(portion).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
