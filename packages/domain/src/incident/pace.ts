import type { SourceReference } from '../clock/source.ts';
import { DEFAULT_EXPLANATION_POLICY, DEFAULT_INCIDENT_POLICY } from '../escalation/defaults.ts';
import type { Delay, Policy } from '../escalation/policy.ts';
import type { IncidentLevel } from './reports.ts';

/** Elapsed minutes by level; `unknown` while nobody has judged it. */
export type MinutesByLevel = Readonly<Record<IncidentLevel | 'unknown', number>>;

/** How fast an incident is followed, and on which ladders. Copied into the incident when it opens. */
export interface IncidentPace {
  /** From one report to the next (续报). */
  readonly followUpMinutes: MinutesByLevel;
  /** From a report by phone or word of mouth to the written one. */
  readonly writtenMinutes: MinutesByLevel;
  /** In which a late report is explained. */
  readonly explainWithin: Delay;
  /** In which both offices review a report above the county. */
  readonly reviewMinutes: number;
  /** Of reports. */
  readonly ladder: Policy;
  /** Of explanations. */
  readonly calmLadder: Policy;
  readonly source: SourceReference;
}

/**
 * The document asks for follow-ups “及时” and for written ones as the matter requires; the minutes are the system's
 * defaults, shorter the higher the level, and lengthen no printed limit.
 */
export const DEFAULT_PACE: IncidentPace = {
  followUpMinutes: { unknown: 720, general: 1_440, large: 720, major: 240, extraordinary: 120 },
  writtenMinutes: { unknown: 120, general: 240, large: 120, major: 60, extraordinary: 60 },
  explainWithin: { unit: 'working_days', amount: 2 },
  reviewMinutes: 60,
  ladder: DEFAULT_INCIDENT_POLICY,
  calmLadder: DEFAULT_EXPLANATION_POLICY,
  source: { documentNumber: '督办默认规则', lines: null },
};

export function minutesAt(minutes: MinutesByLevel, level: IncidentLevel | null): number {
  return minutes[level ?? 'unknown'];
}
