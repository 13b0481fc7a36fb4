import type { z } from 'zod';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { PriceBook } from '../prices/price-book.js';
import { billedProviders } from './bill-comparison.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { reconciliation, type ReconciledRow } from './reconciliation.js';
import { unsplitBills } from './unsplit-bills.js';
import { SPEND, usageFilter, usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema;
type Input = z.output<typeof schema>;

const SOURCES_MAX = 20;
const MODELS_MAX = 10;

@Tool({
  name: 'reconcile_costs',
  description:
    'Cost as the sources reported it against cost recomputed from tokens and list prices: the gap, what could not be priced, bills of providers against usage, and the total of every imported source.',
  schema,
  idempotent: true,
})
export class ReconcileCostsTool implements ToolHandler<Input> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly database: Database,
    private readonly prices: PriceBook,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { where, parameters } = usageFilter(this.context.tenantId, input);
    const sql = this.database.within(call.signal);
    const rows = await sql.rows<ReconciledRow>(statement(where), parameters);
    const bills = await billedProviders(sql, this.context.tenantId, input);
    const unsplit = bills.length > 0 ? undefined : await unsplitBills(sql, this.context.tenantId, input);
    return reconciliation(factScope('reconcile_costs', input, {}), { rows, bills, unsplit }, this.prices.asOf);
  }
}

/** Everything, each import and each model in one scan. The gap is taken only over rows that have both costs. */
const statement = (where: string): string => `
  WITH grouped AS (
    SELECT CASE WHEN grouping(import_id) = 0 THEN 'source' WHEN grouping(model) = 0 THEN 'model' ELSE 'all' END AS level,
      import_id, model, count(*) AS rows, sum(spend) AS spend, sum(cost_reported) AS reported,
      sum(cost_reported) FILTER (WHERE cost_computed IS NOT NULL) AS reported_both,
      sum(cost_computed) FILTER (WHERE cost_reported IS NOT NULL) AS computed_both,
      count(*) FILTER (WHERE cost_computed IS NULL AND NOT is_bill) AS unpriced_rows,
      sum(cost_reported) FILTER (WHERE cost_computed IS NULL AND NOT is_bill) AS unpriced_reported,
      sum(input_total + output_total) FILTER (WHERE spend IS NULL) AS unknown_tokens,
      count(*) FILTER (WHERE price_status = 'tier_approximated') AS approximated_rows,
      min(ts_start) AS first, max(ts_start) AS last
    FROM (SELECT import_id, coalesce(model_id, model_raw) AS model, ${SPEND} AS spend, cost_reported, cost_computed, price_status, is_bill,
            input_total, output_total, ts_start
          FROM usage_event WHERE ${where}) usage
    GROUP BY GROUPING SETS ((), (import_id), (model))),
  ranked AS (
    SELECT *, row_number() OVER (PARTITION BY level ORDER BY
      CASE level WHEN 'model' THEN abs(computed_both - reported_both) ELSE spend END DESC NULLS LAST, model, import_id) AS place
    FROM grouped)
  SELECT r.level, r.model, i.label, i.format, i.price_as, coalesce(i.synthetic, false) AS synthetic, r.rows::text, r.spend::text, r.reported::text,
    r.reported_both::text, r.computed_both::text, r.unpriced_rows::text, r.unpriced_reported::text, r.unknown_tokens::text,
    r.approximated_rows::text, r.first, r.last
  FROM ranked r LEFT JOIN usage_import i ON i.id = r.import_id AND i.tenant_id = $1
  WHERE r.place <= CASE r.level WHEN 'source' THEN ${SOURCES_MAX} ELSE ${MODELS_MAX} END
  ORDER BY r.level, r.place`;
