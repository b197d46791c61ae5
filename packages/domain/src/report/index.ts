export * from './compile.ts';
export * from './data.ts';
export * from './events.ts';
export type { ReportedTask } from './outcome.ts';
export * from './period-name.ts';
export * from './recipients.ts';
export * from './report.ts';
export * from './scope.ts';
