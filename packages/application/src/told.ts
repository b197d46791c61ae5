import {
  answerableForDuty,
  answerableForIncident,
  answerableForProblem,
  type ExistingDuty,
  type ExistingIncident,
  type ExistingProblem,
  type ExistingTask,
  type Told,
} from '@duban/domain';
import type { Head } from './ports.ts';

/** Who is told of what happens to an item; null for what is none. */
export function toldOf({ ref, state }: Head): Told | null {
  switch (ref.type) {
    case 'task':
      return { answerable: state as ExistingTask, urgent: false };
    case 'incident': {
      const incident = state as ExistingIncident;
      // Sudden events know no night; notices of meetings do.
      return { answerable: answerableForIncident(incident), urgent: incident.kind.rule.when === 'after_event' };
    }
    case 'duty':
      return { answerable: answerableForDuty(state as ExistingDuty), urgent: (state as ExistingDuty).urgent };
    case 'problem':
      return { answerable: answerableForProblem(state as ExistingProblem), urgent: false };
    case 'report':
    case 'digest':
    case 'subscription':
    case 'delivery':
    case 'structure':
      return null;
  }
}
