import { z } from 'zod';
import type { JsonObject } from '../../context/json.js';

export const FACT_UNITS = ['usd', 'tokens', 'count', 'days', 'percent', 'date', 'time'] as const;
export type FactUnit = (typeof FACT_UNITS)[number];

/**
 * One number (or date) that an answer may cite as `{{fact:<id>}}`.
 * `value` is a decimal string at full precision (money: exact, nine decimals), percent already times one hundred, a date as YYYY-MM-DD, a time as ISO 8601;
 * `decimals` says how many of them are shown. `inputs` names fields or other facts. `as_of` is the moment of the newest datum in it.
 */
export type Fact = {
  readonly id: string;
  readonly value: string;
  readonly unit: FactUnit;
  readonly decimals: number;
  readonly formula: string;
  readonly inputs: readonly string[];
  readonly as_of: string | null;
};

/** How much of the spend carries the fields that a tool needs: `ratio` from "0" to "1", null when there is no spend at all. */
export type Coverage = { readonly ratio: string | null; readonly needs: readonly string[] };

/**
 * What every tool of the application answers. Ids of its facts start with `scope`: the tool's name, and the parameters where they
 * differ from the defaults, so that two calls of one run never give two meanings to one id. Caveats are whole sentences.
 */
export type ToolReport = {
  readonly scope: string;
  readonly facts: readonly Fact[];
  readonly rows: readonly JsonObject[];
  readonly coverage: Coverage;
  readonly caveats: readonly string[];
};

const toolReportSchema = z.object({
  scope: z.string(),
  facts: z.array(
    z.object({
      id: z.string(),
      value: z.string(),
      unit: z.enum(FACT_UNITS),
      decimals: z.number(),
      formula: z.string(),
      inputs: z.array(z.string()),
      as_of: z.string().nullable(),
    }),
  ),
  rows: z.array(z.record(z.string(), z.json())),
  coverage: z.object({ ratio: z.string().nullable(), needs: z.array(z.string()) }),
  caveats: z.array(z.string()),
});

/** A stored tool result as a ToolReport; undefined when it is something else (a foreign tool, a result cut by a limit). */
export function readToolReport(result: JsonObject | undefined): ToolReport | undefined {
  return toolReportSchema.safeParse(result).data;
}
