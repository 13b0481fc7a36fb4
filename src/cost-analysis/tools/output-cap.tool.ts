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
    const rows = await this.database.rows<CapRow>(statement(where), parameters);
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

const statement = (where: string): string => `
  WITH call AS MATERIALIZED (
    SELECT model_id AS model, provider, output_total AS output, cost_computed AS cost, ts_start
    FROM usage_event WHERE ${where} AND row_kind = 'request' AND cost_computed IS NOT NULL AND model_id IS NOT NULL),
  cap AS (
    SELECT model, provider, percentile_disc(ARRAY[0.95, 0.99]) WITHIN GROUP (ORDER BY output) AS at, sum(cost) AS cost
    FROM call GROUP BY model, provider ORDER BY sum(cost) DESC LIMIT ${MODELS_MAX})
  SELECT cap.model, cap.provider, count(*)::int AS requests, cap.cost::text, sum(call.output)::text AS output, cap.at[1]::text AS p95, cap.at[2]::text AS p99,
    sum(greatest(0, call.output - cap.at[1]))::text AS excess_p95, sum(greatest(0, call.output - cap.at[2]))::text AS excess_p99,
    max(ts_start) AS last, (SELECT sum(${SPEND}) FROM usage_event WHERE ${where})::text AS total
  FROM cap JOIN call ON call.model = cap.model AND call.provider IS NOT DISTINCT FROM cap.provider
  GROUP BY cap.model, cap.provider, cap.at, cap.cost ORDER BY cap.cost DESC, cap.model`;
