import { z } from 'zod';
import { DIMENSIONS } from '../tools/usage-scope.js';
import { INTENTS } from './intent-words.table.js';
import type { Question } from './question.js';

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .optional()
  .catch(undefined);

const schema = z.object({
  intent: z.enum(INTENTS),
  models: z.array(z.string().max(100)).max(5).catch([]),
  dimensions: z.array(z.enum(DIMENSIONS)).max(5).catch([]),
  from: day,
  to: day,
  from_model: z.string().max(100).optional().catch(undefined),
  to_model: z.string().max(100).optional().catch(undefined),
});

/** How a model read the question: the JSON in its answer, also inside a code fence. Undefined when there is none that fits. */
export function reading(text: string): Pick<Question, 'intent' | 'entities'> | undefined {
  const json = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  let decoded: unknown;
  try {
    decoded = JSON.parse(json);
  } catch {
    return undefined;
  }
  const parsed = schema.safeParse(decoded).data;
  if (parsed === undefined) return undefined;
  const { intent, models, dimensions, ...rest } = parsed;
  return { intent, entities: { models, dimensions, ...withoutUndefined(rest) } };
}

const withoutUndefined = (named: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(named).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
