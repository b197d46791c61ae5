export { type AppOptions, createApp, type LazyDependencies } from './app.ts';
export type { AuthOptions } from './auth.ts';
export { parseText } from './body.ts';
export { faultOf, type Locator } from './faults.ts';
export { HttpProblem, languageOf, problemResponse } from './problems.ts';
export { readWorkbookBundle } from './workbook-bundle.ts';
