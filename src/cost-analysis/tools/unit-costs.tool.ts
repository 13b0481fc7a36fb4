import { z } from 'zod';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { quotient } from './decimal.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { latestOf } from './latest.js';
import {
  bigintOf,
  DIMENSION_COLUMNS,
  DIMENSIONS,
  REQUESTS,
  SPEND,
  usageFilter,
  usageScopeSchema,
  type Dimension,
} from './usage-scope.js';

const schema = usageScopeSchema.extend({
  group_by: z.enum(DIMENSIONS).default('model').describe('what to tell apart beside the whole'),
  limit: z.int().min(1).max(50).default(8).describe('most expensive entries returned'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = schema.parse({});

/** Sums of a group; money in nano-USD. `*_counted` are those of rows that say how many requests they stand for. */
interface UnitRow {
  readonly whole: boolean;
  readonly name: string | null;
  readonly spend: string | null;
  readonly requests: string | null;
  readonly spend_counted: string | null;
  readonly input_tokens: string;
  readonly output_tokens: string;
  readonly cached_tokens: string;
  readonly input_counted: string | null;
  readonly output_counted: string | null;
  readonly last: Date;
}

@Tool({
  name: 'unit_costs',
  description:
    'How many requests and tokens there were, what a request and a million tokens cost on average, and which part of the input came from a cache.',
  schema,
  idempotent: true,
})
export class UnitCostsTool implements ToolHandler<Input> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly database: Database,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { where, parameters } = usageFilter(this.context.tenantId, input);
    const text = statement(input.group_by, where, parameters.length + 1);
    const rows = await this.database.within(call.signal).rows<UnitRow>(text, [...parameters, input.limit]);
    const sheet = new FactSheet(factScope('unit_costs', input, DEFAULTS), latestOf(rows));
    const whole = rows.find((row) => row.whole);
    const spend = bigintOf(whole?.spend);
    return sheet.report({
      rows: rows.map((row) => unitRow(sheet, input.group_by, row)),
      needs: ['requests'],
      covered: { part: bigintOf(whole?.spend_counted), whole: spend },
      caveats:
        whole === undefined || bigintOf(whole.spend_counted) === spend
          ? []
          : ['Some records do not say how many requests they stand for; they are in no cost of a request.'],
    });
  }
}

function unitRow(sheet: FactSheet, dimension: Dimension, row: UnitRow) {
  const path = row.whole ? '' : `${dimension}.${row.name === null ? '(untagged)' : idPart(row.name)}.`;
  const [spend, counted] = [bigintOf(row.spend), bigintOf(row.spend_counted)];
  const [input, output, requests] = [row.input_tokens, row.output_tokens, row.requests].map((sum) => bigintOf(sum));
  const cost = sheet.usd(`${path}cost`, spend, { formula: 'Σ cost', inputs: ['cost_computed', 'cost_reported'] });
  return {
    kind: row.whole ? 'whole' : 'group',
    name: row.name,
    cost_fact: cost,
    ...tokenFacts(sheet, path, {
      spend,
      input: input ?? 0n,
      output: output ?? 0n,
      cached: bigintOf(row.cached_tokens),
    }),
    ...(requests === undefined || requests === 0n ? {} : requestFacts(sheet, path, { row, requests, counted })),
  };
}

const MILLION = 1_000_000n;

function tokenFacts(
  sheet: FactSheet,
  path: string,
  { spend, input, output, cached }: Record<'spend' | 'input' | 'output' | 'cached', bigint>,
) {
  const tokens = input + output;
  return {
    input_tokens_fact: sheet.tokens(`${path}input_tokens`, input, {
      formula: 'Σ input tokens',
      inputs: ['input_total'],
    }),
    output_tokens_fact: sheet.tokens(`${path}output_tokens`, output, {
      formula: 'Σ output tokens',
      inputs: ['output_total'],
    }),
    cached_share_fact:
      sheet.percent(
        `${path}cached_share`,
        { part: cached, whole: input },
        { formula: 'input tokens read from a cache ÷ input tokens', inputs: ['cache_read', 'input_total'] },
      ) ?? null,
    per_million_fact:
      tokens === 0n
        ? null
        : sheet.smallUsd(`${path}per_million_tokens`, (spend * MILLION) / tokens, {
            formula: 'Σ cost ÷ Σ tokens, input and output together, × one million',
            inputs: [`${sheet.scope}.${path}cost`],
          }),
    per_thousand_fact:
      tokens === 0n
        ? null
        : sheet.smallUsd(`${path}per_thousand_tokens`, (spend * 1000n) / tokens, {
            formula: 'Σ cost ÷ Σ tokens, input and output together, × one thousand',
            inputs: [`${sheet.scope}.${path}cost`],
          }),
  };
}

function requestFacts(
  sheet: FactSheet,
  path: string,
  { row, requests, counted }: { row: UnitRow; requests: bigint; counted: bigint },
) {
  const mean = (kind: 'input' | 'output'): string =>
    sheet.tokens(`${path}${kind}_per_request`, BigInt(quotient(bigintOf(row[`${kind}_counted`]), requests, 0)), {
      formula: `Σ ${kind} tokens ÷ Σ requests`,
      inputs: [`${kind}_total`, 'requests'],
    });
  return {
    requests_fact: sheet.count(`${path}requests`, requests, {
      formula: 'Σ requests where known',
      inputs: ['requests'],
    }),
    per_request_fact: sheet.smallUsd(`${path}per_request`, counted / requests, {
      formula: 'Σ cost of records that count their requests ÷ Σ requests',
      inputs: ['cost_computed', 'cost_reported', 'requests'],
    }),
    input_per_request_fact: mean('input'),
    output_per_request_fact: mean('output'),
  };
}

/** The whole and its groups in one scan. */
function statement(dimension: Dimension, where: string, limit: number): string {
  const sums = ['input', 'output'].map(
    (kind) =>
      `sum(${kind}_total)::text AS ${kind}_tokens, (sum(${kind}_total) FILTER (WHERE requests IS NOT NULL))::text AS ${kind}_counted`,
  );
  return `
  SELECT grouping(name) = 1 AS whole, name, sum(spend)::text AS spend, sum(requests)::text AS requests,
    (sum(spend) FILTER (WHERE requests IS NOT NULL))::text AS spend_counted, ${sums.join(', ')},
    sum(cache_read)::text AS cached_tokens, max(ts_start) AS last
  FROM (SELECT ${DIMENSION_COLUMNS[dimension]} AS name, ${SPEND} AS spend, ${REQUESTS} AS requests, input_total, output_total, cache_read, ts_start
        FROM usage_event WHERE ${where}) usage
  GROUP BY GROUPING SETS ((), (name)) HAVING count(*) > 0
  ORDER BY grouping(name) DESC, sum(spend) DESC NULLS LAST, name LIMIT $${limit}::int + 1`;
}
