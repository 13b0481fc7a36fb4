import { isJsonObject, type JsonObject } from '../../context/json.js';

export const FACT_UNITS = ['usd', 'tokens', 'count', 'days', 'percent', 'date', 'time', 'milliseconds'] as const;
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

/**
 * A stored tool result as a ToolReport; undefined when it is something else (a foreign tool, a result cut by a limit). Written out by hand:
 * every agent of every run reads all results, and a schema library takes twenty times as long.
 */
export function readToolReport(result: JsonObject | undefined): ToolReport | undefined {
  if (result === undefined) return undefined;
  const { scope, facts, rows, coverage, caveats } = result;
  if (typeof scope !== 'string' || !isList(facts, isFact) || !isList(rows, isJsonObject)) return undefined;
  if (!isCoverage(coverage) || !isList(caveats, isText)) return undefined;
  return { scope, facts, rows, coverage, caveats };
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isList = <Item>(value: unknown, isItem: (item: unknown) => item is Item): value is readonly Item[] =>
  Array.isArray(value) && value.every(isItem);

const units: ReadonlySet<unknown> = new Set(FACT_UNITS);

const isFact = (value: unknown): value is Fact =>
  isJsonObject(value) &&
  isText(value['id']) &&
  isText(value['value']) &&
  units.has(value['unit']) &&
  typeof value['decimals'] === 'number' &&
  isText(value['formula']) &&
  isList(value['inputs'], isText) &&
  (value['as_of'] === null || isText(value['as_of']));

/** Stored facts, e.g. of a report; none when they are something else. */
export const readFacts = (value: unknown): readonly Fact[] => (isList(value, isFact) ? value : []);

const isCoverage = (value: unknown): value is Coverage =>
  isJsonObject(value) && (value['ratio'] === null || isText(value['ratio'])) && isList(value['needs'], isText);
