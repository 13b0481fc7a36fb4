import { z } from 'zod';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { breakdownReport, type BreakdownRow } from './breakdown-report.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import {
  DIMENSION_COLUMNS,
  DIMENSIONS,
  REQUESTS,
  SPEND,
  usageFilter,
  usageScopeSchema,
  type Dimension,
} from './usage-scope.js';

const schema = usageScopeSchema.extend({
  dimensions: z
    .array(z.enum(DIMENSIONS))
    .min(1)
    .max(5)
    .default(['model', 'team', 'feature'])
    .describe('what to break spend down by'),
  limit: z.int().min(1).max(50).default(8).describe('largest entries shown for each dimension'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = schema.parse({});

@Tool({
  name: 'cost_breakdown',
  description:
    'Spend by model, team, feature or other dimensions: untagged share first, then the largest entries with share and running total.',
  schema,
  idempotent: true,
})
export class CostBreakdownTool implements ToolHandler<Input> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly database: Database,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const dimensions = DIMENSIONS.filter((dimension) => input.dimensions.includes(dimension));
    const { where, parameters } = usageFilter(this.context.tenantId, input);
    const rows = await this.database
      .within(call.signal)
      .rows<BreakdownRow>(statement(dimensions, where, parameters.length + 1), [...parameters, input.limit]);
    return breakdownReport(factScope('cost_breakdown', input, DEFAULTS), dimensions, rows);
  }
}

/** All dimensions in one scan. `grouping()` has a zero bit for the one column that a row is grouped by. */
function statement(dimensions: readonly Dimension[], where: string, limit: number): string {
  const columns = dimensions.map((_, index) => `d${index}`);
  const position = columns.map((column, index) => `WHEN grouping(${column}) = 0 THEN ${index}`).join(' ');
  return `
  WITH grouped AS (
    SELECT CASE ${position} END AS dimension, coalesce(${[...columns, 'NULL'].join(', ')}) AS name, sum(spend) AS spend,
      sum(input_total) AS input_tokens, sum(output_total) AS output_tokens, sum(requests) AS requests, max(ts_start) AS last
    FROM (SELECT ${dimensions.map((dimension, index) => `${DIMENSION_COLUMNS[dimension]} AS d${index}`).join(', ')},
            ${SPEND} AS spend, input_total, output_total, ${REQUESTS} AS requests, ts_start
          FROM usage_event WHERE ${where}) usage
    GROUP BY GROUPING SETS ((), ${columns.map((column) => `(${column})`).join(', ')})),
  ranked AS (
    SELECT *, row_number() OVER (PARTITION BY dimension ORDER BY spend DESC NULLS LAST, name) AS place,
      count(*) OVER (PARTITION BY dimension)::int AS entries
    FROM grouped)
  SELECT dimension, name, entries, spend::text, input_tokens::text, output_tokens::text, requests::text, last
  FROM ranked WHERE place <= $${limit}::int OR name IS NULL`;
}
