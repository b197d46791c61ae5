export { type AppOptions, createApp, type LazyDependencies } from './app.ts';
export type { AuthOptions } from './auth.ts';
export { HttpProblem, languageOf, problemResponse } from './problems.ts';
