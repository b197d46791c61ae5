import type { Calendar } from '@duban/calendar';
import {
  type DeliveryState,
  type DigestState,
  type DutyState,
  type ExistingTask,
  type IncidentState,
  isHidden,
  type ProblemState,
  type ReportState,
  type SubscriptionState,
  type TaskState,
} from '@duban/domain';
import type { Dependencies } from '../dependencies.ts';
import type { Head, Projection, ViewStore } from '../ports.ts';
import { structuresOnce } from '../structure-source.ts';
import { deliveryProjection } from './delivery.ts';
import { digestProjection } from './digest.ts';
import { dutyProjection } from './duty.ts';
import { incidentProjection } from './incident.ts';
import { problemProjection } from './problem.ts';
import { reportProjection } from './report.ts';
import { subscriptionProjection } from './subscription.ts';
import { taskProjection } from './task.ts';

/** What of the structure the views depend on. */
export interface Published {
  /** The jurisdiction's import that is being written; null when there is none. */
  readonly unpublished: string | null;
  readonly calendar: Calendar;
}

/** What the views show of an aggregate; null for those that have no view. */
export function projectionOf(head: Head, { unpublished, calendar }: Published): Projection | null {
  switch (head.ref.type) {
    case 'task': {
      const task = head.state as TaskState;
      return task.status === 'none' ? null : taskProjection(head, task, unpublished);
    }
    case 'incident': {
      const incident = head.state as IncidentState;
      return incident.status === 'none' ? null : incidentProjection(head, incident);
    }
    case 'duty': {
      const duty = head.state as DutyState;
      return duty.status === 'none' ? null : dutyProjection(head, duty, calendar);
    }
    case 'problem': {
      const problem = head.state as ProblemState;
      return problem.status === 'none' ? null : problemProjection(head, problem);
    }
    case 'report': {
      const report = head.state as ReportState;
      return report.status === 'none' ? null : reportProjection(head, report);
    }
    case 'digest': {
      const digest = head.state as DigestState;
      return digest.status === 'none' ? null : digestProjection(head, digest);
    }
    case 'subscription': {
      const subscription = head.state as SubscriptionState;
      return subscription.status === 'none' ? null : subscriptionProjection(head, subscription);
    }
    case 'delivery': {
      const delivery = head.state as DeliveryState;
      return delivery.status === 'none' ? null : deliveryProjection(head, delivery);
    }
    case 'structure':
      return null;
  }
}

/**
 * Brings the views up to these heads. Repeats and old heads change nothing. What an import under way has written is
 * left to the import: two writers of thousands of rows would only keep each other waiting.
 */
export async function project(
  deps: Pick<Dependencies, 'structures'> & { readonly views: Pick<ViewStore, 'apply'> },
  heads: readonly Head[],
): Promise<void> {
  const published = structuresOnce(deps.structures);
  const projections: Projection[] = [];
  for (const head of heads) {
    const structure = await published(head.ref.jurisdiction);
    if (head.ref.type === 'task' && isHidden(head.state as ExistingTask, structure.unpublished)) continue;
    const projection = projectionOf(head, structure);
    if (projection !== null) projections.push(projection);
  }
  if (projections.length > 0) await deps.views.apply(projections);
}

/** Builds all views anew from the ledger. */
export async function rebuildViews(deps: Pick<Dependencies, 'views' | 'store' | 'structures'>) {
  return deps.views.rebuild(async function* () {
    const published = structuresOnce(deps.structures);
    for await (const head of deps.store.scanHeads(null)) {
      const projection = projectionOf(head, await published(head.ref.jurisdiction));
      if (projection !== null) yield projection;
    }
  });
}
