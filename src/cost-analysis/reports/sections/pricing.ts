import type { JsonObject } from '../../../context/json.js';
import { citation, citationIn, type ReportData } from '../report-data.js';

/** Whether no record has any cost: then a total is unknown, and "$0.00" would be wrong. */
export function isUnpriced({ facts }: ReportData): boolean {
  const rows = facts.fact('data_quality', 'rows');
  return rows !== undefined && rows.value !== '0' && facts.fact('data_quality', 'spend') === undefined;
}

/** The tools that say which day's prices they used, the one that every figure rests on first. */
const PRICED_BY = ['reconcile_costs', 'search_prices'] as const;

/** A citation of the day of the price list; undefined where no tool of the run could say it. */
export const pricesAsOf = (data: ReportData): string | undefined =>
  PRICED_BY.map((tool) => citation(data, tool, 'prices_as_of')).find((cited) => cited !== undefined);

/** Whether any figure in USD comes from a list price, not from a reported cost alone. */
export function restsOnPrices({ facts, triage }: ReportData): boolean {
  if (triage.topics.includes('prices')) return true;
  const [rows, unpriced] = [facts.fact('data_quality', 'rows'), facts.fact('reconcile_costs', 'unpriced_rows')];
  return rows === undefined || unpriced === undefined || Number(unpriced.value) < Number(rows.value);
}

/** What a tool's row cost; a row without the fact is of usage whose price is not known, which must not read as free. */
export const costIn = (row: JsonObject, fact = 'cost_fact'): string => citationIn(row, fact) ?? 'not priced';

/** What a tool that goes by spend a day cannot see; undefined where all usage has a price. */
export function unpricedDays(data: ReportData, tool: 'detect_anomalies' | 'forecast_spend'): string | undefined {
  const days = citation(data, tool, 'unpriced_days');
  return days === undefined
    ? undefined
    : `On ${days} there is usage that has no price; it is in none of these figures.`;
}
