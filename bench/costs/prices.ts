/**
 * List prices of us-east-1 in US dollars, without the free tier and discounts. Other regions differ: Beijing asks
 * ¥11.15 for a million write units where Virginia asks $0.625. Put your own in, and run `npm run costs` again.
 */
export const PRICES = {
  writeUnitsPerMillion: 0.625,
  readUnitsPerMillion: 0.125,
  tableGbMonth: 0.25,
  pointInTimeRecoveryGbMonth: 0.2,
  functionRequestsPerMillion: 0.2,
  functionGbSecond: 0.0000166667,
  apiRequestsPerMillion: 1,
  queueRequestsPerMillion: 0.4,
  logsGbIn: 0.5,
  logsGbMonth: 0.03,
  keyMonth: 1,
  keyRequestsPer10k: 0.03,
  secretMonth: 0.4,
  alarmMonth: 0.1,
  metricMonth: 0.3,
  dashboardMonth: 3,
} as const;
