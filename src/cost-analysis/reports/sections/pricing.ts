import type { JsonObject } from '../../../context/json.js';
import type { ReportData } from '../report-data.js';

/** Whether no record has any cost: then a total is unknown, and "$0.00" would be wrong. */
export function isUnpriced({ facts }: ReportData): boolean {
  const quality = facts.result('data_quality');
  const cost = facts.fact('data_quality', 'coverage.cost');
  const spend = facts.fact('data_quality', 'spend');
  return quality !== undefined && spend !== undefined && Number(spend.value) === 0 && Number(cost?.value ?? '0') === 0;
}

/** Whether a source in reconcile_costs has rows and none of them a cost. */
export const isUnpricedSource = (row: JsonObject): boolean => row['priced'] === false;
