// What the API's handler needs to start, and no more: every line here is read at each cold start.
export { type Admission, type AppOptions, createApp, type LazyDependencies } from './app.ts';
export type { AuthOptions } from './auth.ts';
export { HttpProblem, languageOf, problemResponse } from './problems.ts';
