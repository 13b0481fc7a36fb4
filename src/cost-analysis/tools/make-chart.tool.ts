import { z } from 'zod';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import type { Sql } from '../../persistence/sql.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { usdDecimalOf } from '../prices/money.js';
import { wholeDays } from './daily-series.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { RunDays } from './run-days.js';
import { DIMENSION_COLUMNS, REQUESTS, SPEND, usageFilter, usageScopeSchema } from './usage-scope.js';

const DRAWN = ['spend_over_time', 'cost_against_latency'] as const;

const schema = usageScopeSchema.extend({
  charts: z
    .array(z.enum(DRAWN))
    .min(1)
    .max(DRAWN.length)
    .default([...DRAWN])
    .describe('what to draw'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = schema.parse({});

/** Days that a chart of this width can show. */
const DAYS_MAX = 400;
const MODELS_MAX = 12;
/** A median of fewer calls says little. */
const CALLS_MIN = 20;

interface ModelRow {
  readonly name: string;
  readonly latency_ms: number;
  readonly usd: number;
  readonly requests: number;
  readonly last: Date;
}

/**
 * What the charts of the report show that no other tool computes: spend by day, and each model's cost against its latency. The rows are for
 * drawing; the picture itself is made when somebody looks at it.
 */
@Tool({
  name: 'make_chart',
  description:
    'Charts for the report: spend over time with unusual days and forecast, and cost against latency of each model.',
  schema,
  idempotent: true,
})
export class MakeChartTool implements ToolHandler<Input> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly database: Database,
    private readonly runDays: RunDays,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    const sql = this.database.within(call.signal, 'groups');
    const wants = (chart: (typeof DRAWN)[number]): boolean => input.charts.includes(chart);
    const { days, last } = wants('spend_over_time') ? await this.days(input, call.signal) : { days: [], last: null };
    const models = wants('cost_against_latency') ? await this.models(sql, input) : [];
    const sheet = new FactSheet(factScope('make_chart', input, DEFAULTS), last ?? models[0]?.last ?? null);
    const [first] = days;
    const priced = days.filter(({ unpriced }) => unpriced !== true);
    if (first !== undefined) sheet.days('days', priced.length, { formula: 'whole days drawn', inputs: ['ts_start'] });
    if (models.length > 0)
      sheet.count('models', models.length, {
        formula: `models with at least ${CALLS_MIN} timed calls`,
        inputs: ['latency_ms'],
      });
    return sheet.report({
      rows: [
        ...(first === undefined
          ? []
          : [
              {
                chart: 'spend_over_time',
                first_day: first.day,
                usd: days.map(({ usd, unpriced }) => (unpriced === true ? null : usdDecimalOf(usd))),
              },
            ]),
        ...models.map(({ name, latency_ms, usd, requests }) => ({
          chart: 'cost_against_latency',
          name,
          latency_ms,
          usd: usdDecimalOf(usd),
          requests,
        })),
      ],
      needs: [],
      covered: { part: 1n, whole: 1n },
      caveats: [],
    });
  }

  private async days(input: Input, signal: AbortSignal) {
    const { days, last } = await this.runDays.observed(input, signal);
    return { days: wholeDays(days).slice(-DAYS_MAX), last };
  }

  private async models(sql: Sql, input: Input): Promise<ModelRow[]> {
    const { where, parameters } = usageFilter(this.context.tenantId, input);
    return sql.rows<ModelRow>(statement(where), parameters);
  }
}

/** The median comes from how many calls took how long, so that not all of them are sorted. Relies on usage_event_time. */
const statement = (where: string): string => `
  SELECT name, ((min(latency_ms) FILTER (WHERE reached >= (calls + 1) / 2) + min(latency_ms) FILTER (WHERE reached > calls / 2)) / 2.0)::float8 AS latency_ms,
    (sum(spend) / 1e6 / sum(requests))::float8 AS usd, sum(requests)::float8 AS requests, max(last) AS last
  FROM (
    SELECT *, (sum(same) OVER (PARTITION BY name ORDER BY latency_ms))::bigint AS reached, (sum(same) OVER (PARTITION BY name))::bigint AS calls
    FROM (
      SELECT ${DIMENSION_COLUMNS.model} AS name, latency_ms, count(*) AS same, sum(${SPEND}) AS spend, sum(${REQUESTS}) AS requests, max(ts_start) AS last
      FROM usage_event
      WHERE ${where} AND row_kind = 'request' AND status = 'ok' AND latency_ms > 0 AND ${SPEND} IS NOT NULL
      GROUP BY 1, 2) timed) ranked
  WHERE name IS NOT NULL AND calls >= ${CALLS_MIN}
  GROUP BY name
  ORDER BY sum(spend) DESC LIMIT ${MODELS_MAX}`;
