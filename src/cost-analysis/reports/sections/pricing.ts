import type { JsonObject } from '../../../context/json.js';
import { citation, type ReportData } from '../report-data.js';

/** Whether no record has any cost: then a total is unknown, and "$0.00" would be wrong. */
export function isUnpriced({ facts }: ReportData): boolean {
  const quality = facts.result('data_quality');
  const cost = facts.fact('data_quality', 'coverage.cost');
  const spend = facts.fact('data_quality', 'spend');
  return quality !== undefined && spend !== undefined && Number(spend.value) === 0 && Number(cost?.value ?? '0') === 0;
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

/** Whether a source in reconcile_costs has rows and none of them a cost. */
export const isUnpricedSource = (row: JsonObject): boolean => row['priced'] === false;
