export { issueReports } from './issue.ts';
export * from './read.ts';
