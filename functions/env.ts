import { z } from 'zod';

const pipeline = z.object({
  DUBAN_LEDGER_TABLE: z.string().min(1),
  DUBAN_VIEWS_TABLE: z.string().min(1),
  DUBAN_WAKE_QUEUE_URL: z.url(),
});

const api = z.object({
  DUBAN_ISSUER: z.url(),
  DUBAN_AUDIENCE: z.string().min(1),
  DUBAN_JWKS_URL: z.url(),
  DUBAN_DEFAULT_JURISDICTION: z.string().regex(/^\d{6}$/),
  DUBAN_BOOTSTRAP_ADMINS: z.string().default(''),
});

export type PipelineEnv = z.infer<typeof pipeline>;

/** Read once when the function starts: a missing setting stops it there, named, and not at the first request. */
export const pipelineEnv = (): PipelineEnv => pipeline.parse(process.env);
export const apiEnv = () => api.parse(process.env);
