import { z } from 'zod';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { usdDecimal } from '../prices/money.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { UTC } from './time-zone.js';
import {
  bigintOf,
  DIMENSION_COLUMNS,
  DIMENSIONS,
  REQUESTS,
  SPEND,
  usageByTime,
  usageFilter,
  usageScopeSchema,
  type Dimension,
} from './usage-scope.js';

const schema = usageScopeSchema.extend({
  group_by: z.array(z.enum(DIMENSIONS)).max(3).default([]).describe('dimensions to group by'),
  grain: z.enum(['hour', 'day', 'week', 'month']).optional().describe('also group by time, in the zone asked for'),
  order: z.enum(['latest', 'cost']).default('latest').describe('which groups come first, with a grain'),
  limit: z
    .int()
    .min(1)
    .max(200)
    .default(50)
    .describe('groups returned: the latest with a grain, else the most expensive'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = schema.parse({});

interface GroupRow {
  readonly period: string | null;
  readonly names: (string | null)[];
  readonly rows: string;
  readonly spend: string | null;
  readonly priced: string;
  readonly input_tokens: string;
  readonly output_tokens: string;
  readonly requests: string | null;
  /** Of all groups, shown or not. */
  readonly total_spend: string | null;
  /** The part of it in groups that have a name in every dimension. */
  readonly named_spend: string | null;
  readonly groups: number;
  readonly last: Date;
  /** Of the periods between the first and the last; null where there are none. */
  readonly mean_spend: string | null;
}

@Tool({
  name: 'query_usage',
  description: 'Spend, tokens and requests grouped by any dimensions and by hour, day, week or month.',
  schema,
  idempotent: true,
})
export class QueryUsageTool implements ToolHandler<Input> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly database: Database,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const dimensions = DIMENSIONS.filter((dimension) => input.group_by.includes(dimension));
    const { parameters, ...limited } = groupedByTime(this.context.tenantId, input);
    const text = statement({ ...limited, order: input.order, dimensions }, parameters.length + 1);
    const rows = await this.database.within(call.signal).rows<GroupRow>(text, [...parameters, input.limit]);
    return report(factScope('query_usage', input, DEFAULTS), dimensions, rows);
  }
}

interface Grouping extends Pick<Input, 'order'> {
  readonly dimensions: readonly Dimension[];
  readonly where: string;
  /** The expression of a row's period. */
  readonly period: string;
}

const PERIOD_FORMATS = {
  hour: 'YYYY-MM-DD"T"HH24:00',
  day: 'YYYY-MM-DD',
  week: 'YYYY-MM-DD',
  month: 'YYYY-MM',
} as const;

function groupedByTime(tenantId: string, input: Input) {
  const { grain, time_zone: zone = UTC } = input;
  if (grain === undefined) return { ...usageFilter(tenantId, input), period: 'NULL::text' };
  const { where, parameters, civil } = usageByTime(tenantId, input);
  const suffix = grain === 'hour' && zone === UTC ? '"Z"' : '';
  const period = `to_char(date_trunc('${grain}', ${civil('ts_start')}), '${PERIOD_FORMATS[grain]}${suffix}')`;
  return { where, parameters, period };
}

/** The first and the last period may be covered in part only: neither counts in the mean. */
function statement({ dimensions, order, period, where }: Grouping, limit: number): string {
  const names = `ARRAY[${dimensions.map((dimension) => DIMENSION_COLUMNS[dimension]).join(', ')}]::text[]`;
  return `
  WITH grouped AS (
    SELECT period, names, count(*) AS rows, sum(spend) AS spend, count(spend) AS priced, sum(input_total) AS input_tokens,
      sum(output_total) AS output_tokens, sum(requests) AS requests, max(ts_start) AS last
    FROM (SELECT ${period} AS period, ${names} AS names, ${SPEND} AS spend, input_total, output_total, ${REQUESTS} AS requests, ts_start
          FROM usage_event WHERE ${where}) usage
    GROUP BY period, names),
  inner_period AS (
    SELECT sum(spend) AS spend FROM grouped
    WHERE period > (SELECT min(period) FROM grouped) AND period < (SELECT max(period) FROM grouped) GROUP BY period)
  SELECT period, names, rows::text, spend::text, priced::text, input_tokens::text, output_tokens::text, requests::text,
    (sum(spend) OVER ())::text AS total_spend,
    (sum(spend) FILTER (WHERE array_position(names, NULL::text) IS NULL) OVER ())::text AS named_spend, (count(*) OVER ())::int AS groups, last,
    (SELECT round(avg(spend))::text FROM inner_period) AS mean_spend
  FROM grouped
  ORDER BY ${order === 'latest' ? 'grouped.period DESC NULLS LAST, ' : ''}grouped.spend DESC NULLS LAST, grouped.period, names LIMIT $${limit}::int`;
}

function report(scope: string, dimensions: readonly Dimension[], rows: readonly GroupRow[]): ToolReport {
  const last = rows.reduce<Date | null>((most, row) => (most === null || row.last > most ? row.last : most), null);
  const sheet = new FactSheet(scope, last);
  const [{ total_spend: total, mean_spend: mean } = { total_spend: '0', mean_spend: null }] = rows;
  const whole = bigintOf(total);
  const inputs = ['cost_computed', 'cost_reported'];
  if (total !== null) sheet.usd('total', whole, { formula: 'Σ cost of all groups, shown or not', inputs });
  if (mean !== null)
    sheet.usd('mean', BigInt(mean), {
      formula: 'mean cost of the periods with priced usage, without the first and the last',
      inputs,
    });
  const shown = rows.map((row) => groupRow(sheet, dimensions, row));
  const groups = rows[0]?.groups ?? 0;
  return sheet.report({
    rows: shown,
    needs: dimensions,
    covered: { part: bigintOf(rows[0]?.named_spend), whole },
    caveats: [
      ...(groups > rows.length ? ['There are more groups than are shown; the total is over all of them.'] : []),
      ...(rows.some(({ rows: count, priced }) => count !== priced)
        ? ['Some rows have no known cost and add tokens only.']
        : []),
    ],
  });
}

function groupRow(sheet: FactSheet, dimensions: readonly Dimension[], row: GroupRow) {
  const names = Object.fromEntries(dimensions.map((dimension, index) => [dimension, row.names[index] ?? null]));
  const path = [row.period ?? [], row.names.map((name) => name ?? '(untagged)')]
    .flat()
    .map((part) => (part.startsWith('(') ? part : idPart(part)));
  const { spend } = row;
  const addCost = (nano: bigint): string =>
    sheet.usd([...path, 'cost'].join('.'), nano, { formula: 'Σ cost of the group', inputs: [...dimensions] });
  return {
    ...(row.period === null ? {} : { period: row.period, period_fact: periodFact(sheet, path, row.period) }),
    ...names,
    // Null: no row of the group has a price, which is not the same as none spent.
    cost_usd: spend === null ? null : usdDecimal(BigInt(spend)),
    input_tokens: row.input_tokens,
    output_tokens: row.output_tokens,
    requests: row.requests,
    rows: row.rows,
    cost_fact: spend === null ? null : addCost(BigInt(spend)),
  };
}

/** The first day of a period as a date, so that a text may name it; an hour stays a text. */
function periodFact(sheet: FactSheet, path: readonly string[], period: string): string | null {
  if (period.length > 'YYYY-MM-DD'.length) return null;
  const day = period.length === 'YYYY-MM'.length ? `${period}-01` : period;
  return sheet.date([...path, 'from'].join('.'), day, { formula: 'first day of the period', inputs: ['ts_start'] });
}
