import type { z } from 'zod';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { isOutdone } from './frontier.js';
import { latestOf } from './latest.js';
import { bigintOf, SPEND, usageFilter, usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema;
type Input = z.output<typeof schema>;

const MODELS_MAX = 10;

interface LatencyRow {
  readonly model: string;
  readonly calls: string;
  readonly cost: string;
  readonly p50: number;
  readonly p95: number;
  readonly last: Date;
  readonly total: string | null;
}

type RestRow = Omit<LatencyRow, 'model'> & { readonly model: null };

@Tool({
  name: 'latency_cost_tradeoff',
  description:
    'Median and ninety-fifth percentile latency of each model in use beside its cost for a call, and which models are slower and dearer than another. Needs latencies on single requests.',
  schema,
  idempotent: true,
})
export class LatencyCostTradeoffTool implements ToolHandler<Input> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly database: Database,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { where, parameters } = usageFilter(this.context.tenantId, input);
    const found = await this.database.within(call.signal).rows<LatencyRow | RestRow>(statement(where), parameters);
    const rows = found.filter((row): row is LatencyRow => row.model !== null);
    const sheet = new FactSheet(factScope('latency_cost_tradeoff', input, {}), latestOf(rows));
    const points = rows.map((row) => ({ cost: Number(row.cost) / Number(row.calls), score: -row.p50 }));
    return sheet.report({
      rows: rows.map((row, at) => ({ ...modelRow(sheet, row), outdone: isOutdone(points, at) })),
      needs: ['latency', 'single requests', 'model'],
      covered: { part: rows.reduce((total, { cost }) => total + BigInt(cost), 0n), whole: bigintOf(found[0]?.total) },
      caveats:
        rows.length === 0
          ? ['Weighing cost against latency needs latencies on single requests; the data has none.']
          : [
              'Models do different work here, with answers of different length; compare them on the same work before moving any.',
            ],
    });
  }
}

/** What has no latency or price falls into one group without a model, which counts in the total only. */
const statement = (where: string): string => `
  SELECT model, count(*)::text AS calls, sum(spend)::text AS cost, max(ts_start) AS last, (sum(sum(spend)) OVER ())::text AS total,
    round(percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms))::int AS p50,
    round(percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms))::int AS p95
  FROM (SELECT CASE WHEN row_kind = 'request' AND latency_ms > 0 AND status = 'ok' AND cost_computed IS NOT NULL THEN model_id END AS model,
          ${SPEND} AS spend, latency_ms, ts_start
        FROM usage_event WHERE ${where}) usage
  GROUP BY model ORDER BY (model IS NULL), sum(spend) DESC, model LIMIT ${MODELS_MAX}`;

function modelRow(sheet: FactSheet, { model, calls, cost, p50, p95 }: LatencyRow) {
  const path = idPart(model);
  const inputs = ['latency_ms', 'cost_computed'];
  return {
    model,
    calls,
    cost_fact: sheet.usd(`${path}.cost`, BigInt(cost), { formula: 'Σ cost of calls with a latency', inputs }),
    call_cost_fact: sheet.smallUsd(`${path}.call_cost`, BigInt(cost) / BigInt(calls), {
      formula: 'cost ÷ calls',
      inputs,
    }),
    p50_fact: sheet.milliseconds(`${path}.p50`, p50, { formula: 'median latency of successful calls', inputs }),
    p95_fact: sheet.milliseconds(`${path}.p95`, p95, { formula: 'ninety-fifth percentile of latency', inputs }),
  };
}
