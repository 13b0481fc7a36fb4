import { z } from 'zod';
import { CURRENCY_DISPLAYS } from '../../context/user-preferences.js';
import { FACT_UNITS } from '../tools/fact.js';
import { CHART_KINDS } from './charts/chart.js';

const fact = z.object({
  id: z.string(),
  value: z.string(),
  unit: z.enum(FACT_UNITS),
  decimals: z.int(),
  formula: z.string(),
  inputs: z.array(z.string()),
  as_of: z.string().nullable(),
});

const chart = z.object({
  number: z.int(),
  path: z.string(),
  kind: z.enum(CHART_KINDS),
  title: z.string(),
  alternative_text: z.string(),
  currency: z.enum(CURRENCY_DISPLAYS).optional(),
  data: z.record(z.string(), z.array(z.record(z.string(), z.union([z.string(), z.number()])))).meta({
    description: 'Rows by data set. Amounts are decimal strings in USD; numbers are counts, shares and milliseconds.',
  }),
});

/** A report as JSON, for the OpenAPI document. */
export const reportAnswer = z.object({
  id: z.uuid(),
  thread_id: z.uuid(),
  run_id: z.uuid(),
  title: z.string(),
  markdown: z.string(),
  facts: z.array(fact),
  charts: z.array(chart),
  created_at: z.string().meta({ format: 'date-time' }),
});
