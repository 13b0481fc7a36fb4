import type { z } from 'zod';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { PriceBook } from '../prices/price-book.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { outputCapReport, type CappedModel } from './output-cap.js';
import { bigintOf, SPEND, usageFilter, usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema;
type Input = z.output<typeof schema>;

const MODELS_MAX = 10;

interface CapRow {
  readonly model: string;
  readonly provider: string | null;
  readonly requests: number;
  readonly cost: string;
  readonly output: string;
  readonly p95: string;
  readonly p99: string;
  readonly excess_p95: string;
  readonly excess_p99: string;
  readonly last: Date;
  readonly total: string | null;
}

@Tool({
  name: 'output_cap',
  description:
    'What a limit on output tokens at the ninety-fifth and ninety-ninth percentile of each model would save. Needs one row for each request.',
  schema,
  idempotent: true,
})
export class OutputCapTool implements ToolHandler<Input> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly database: Database,
    private readonly prices: PriceBook,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { where, parameters } = usageFilter(this.context.tenantId, input);
    const rows = await this.database.within(call.signal).rows<CapRow>(statement(where), parameters);
    const models = rows.flatMap((row) => this.priced(row));
    return outputCapReport(factScope('output_cap', input, {}), models, bigintOf(rows[0]?.total));
  }

  private priced(row: CapRow): CappedModel[] {
    const save95 = this.outputCost(row, Number(row.excess_p95));
    const save99 = this.outputCost(row, Number(row.excess_p99));
    if (save95 === undefined || save99 === undefined) return [];
    const caps = {
      p95: { tokens: BigInt(row.p95), excess: BigInt(row.excess_p95), savingNano: save95 },
      p99: { tokens: BigInt(row.p99), excess: BigInt(row.excess_p99), savingNano: save99 },
    };
    return [{ model: row.model, costNano: BigInt(row.cost), output: BigInt(row.output), caps, last: row.last }];
  }

  /** Output tokens alone at the base price; a tier for long inputs or a discount for batches is left out, and small beside the rest. */
  private outputCost(row: CapRow, tokens: number): bigint | undefined {
    const none = { inputUncached: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
    return this.prices.price({
      ...none,
      output: tokens,
      modelRaw: row.model,
      provider: row.provider ?? undefined,
      at: row.last,
      rowKind: 'bucket',
      requests: row.requests,
    }).costNanoUsd;
  }
}

/**
 * One scan into a histogram of output lengths, a few thousand groups whatever the number of rows; percentiles and excess come from it.
 * What is no priced single request falls into one group without a model and counts in the total only.
 * `cap` is materialised: right after an import the table has no statistics, and the planner would compute it again for every group.
 */
const statement = (where: string): string => `
  WITH histogram AS MATERIALIZED (
    SELECT model, provider, output, count(*) AS calls, sum(cost) AS cost, sum(spend) AS spend, max(ts_start) AS last
    FROM (SELECT CASE WHEN eligible THEN model_id END AS model, CASE WHEN eligible THEN provider END AS provider,
            CASE WHEN eligible THEN output_total END AS output, cost_computed AS cost, ${SPEND} AS spend, ts_start
          FROM (SELECT *, row_kind = 'request' AND cost_computed IS NOT NULL AND model_id IS NOT NULL AS eligible
                FROM usage_event WHERE ${where}) event) usage
    GROUP BY model, provider, output),
  ranked AS (
    SELECT model, provider, output, sum(calls) OVER (PARTITION BY model, provider ORDER BY output) AS reached,
      sum(calls) OVER (PARTITION BY model, provider) AS calls
    FROM histogram WHERE model IS NOT NULL),
  cap AS MATERIALIZED (
    SELECT model, provider, min(output) FILTER (WHERE reached >= 0.95 * calls) AS p95,
      min(output) FILTER (WHERE reached >= 0.99 * calls) AS p99
    FROM ranked GROUP BY model, provider)
  SELECT h.model, h.provider, sum(h.calls)::int AS requests, sum(h.cost)::text AS cost, sum(h.output * h.calls)::text AS output,
    cap.p95::text, cap.p99::text, sum(greatest(0, h.output - cap.p95) * h.calls)::text AS excess_p95,
    sum(greatest(0, h.output - cap.p99) * h.calls)::text AS excess_p99, max(h.last) AS last,
    (SELECT sum(spend) FROM histogram)::text AS total
  FROM histogram h JOIN cap ON cap.model = h.model AND cap.provider IS NOT DISTINCT FROM h.provider
  GROUP BY h.model, h.provider, cap.p95, cap.p99
  ORDER BY sum(h.cost) DESC, h.model LIMIT ${MODELS_MAX}`;
