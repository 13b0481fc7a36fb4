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

/**
 * Sums of a group; money in nano-USD. `*_counted` are those of rows that say how many requests they stand for; `*_priced` those of them with a
 * cost, and `*_metered` those of usage with both a cost and tokens: what is divided is of the same rows.
 */
interface UnitRow {
  readonly whole: boolean;
  readonly name: string | null;
  readonly spend: string | null;
  readonly requests: string | null;
  readonly spend_priced: string | null;
  readonly requests_priced: string | null;
  readonly spend_metered: string | null;
  readonly tokens_metered: string | null;
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
    return sheet.report({
      rows: rows.map((row) => unitRow(sheet, input.group_by, row)),
      needs: ['requests', 'tokens'],
      covered: {
        part: least(bigintOf(whole?.spend_priced), bigintOf(whole?.spend_metered)),
        whole: bigintOf(whole?.spend),
      },
      caveats: whole === undefined ? [] : caveats(whole),
    });
  }
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

function caveats(whole: UnitRow): string[] {
  const [spend, tokens] = [bigintOf(whole.spend), bigintOf(whole.input_tokens) + bigintOf(whole.output_tokens)];
  return [
    ...(bigintOf(whole.spend_priced) === spend
      ? []
      : ['Some records do not say how many requests they stand for; they are in no cost of a request.']),
    ...(bigintOf(whole.requests_priced) === bigintOf(whole.requests)
      ? []
      : ['Some requests have no known cost; they are in no cost of a request.']),
    ...(bigintOf(whole.spend_metered) === spend
      ? []
      : ['Some cost comes without tokens, like the lines of a bill; it is in no cost of tokens.']),
    ...(bigintOf(whole.tokens_metered) === tokens
      ? []
      : ['Some tokens have no known cost; they are in no cost of tokens.']),
  ];
}

function unitRow(sheet: FactSheet, dimension: Dimension, row: UnitRow) {
  const path = row.whole ? '' : `${dimension}.${row.name === null ? '(untagged)' : idPart(row.name)}.`;
  const spend = bigintOf(row.spend);
  const [input, output, requests] = [row.input_tokens, row.output_tokens, row.requests].map((sum) => bigintOf(sum));
  const cost = sheet.usd(`${path}cost`, spend, { formula: 'Σ cost', inputs: ['cost_computed', 'cost_reported'] });
  return {
    kind: row.whole ? 'whole' : 'group',
    name: row.name,
    cost_fact: cost,
    ...tokenFacts(sheet, path, {
      spend: bigintOf(row.spend_metered),
      tokens: bigintOf(row.tokens_metered),
      input: input ?? 0n,
      output: output ?? 0n,
      cached: bigintOf(row.cached_tokens),
    }),
    ...(requests === undefined || requests === 0n ? {} : requestFacts(sheet, path, { row, requests })),
  };
}

const MILLION = 1_000_000n;

function tokenFacts(
  sheet: FactSheet,
  path: string,
  { spend, tokens, input, output, cached }: Record<'spend' | 'tokens' | 'input' | 'output' | 'cached', bigint>,
) {
  const perTokens = (name: string, count: bigint, words: string): string | null =>
    tokens === 0n
      ? null
      : sheet.smallUsd(`${path}${name}`, (spend * count) / tokens, {
          formula: `Σ cost ÷ Σ tokens, input and output together, of usage that has both, × ${words}`,
          inputs: ['cost_computed', 'cost_reported', 'input_total', 'output_total'],
        });
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
    per_million_fact: perTokens('per_million_tokens', MILLION, 'one million'),
    per_thousand_fact: perTokens('per_thousand_tokens', 1000n, 'one thousand'),
  };
}

function requestFacts(sheet: FactSheet, path: string, { row, requests }: { row: UnitRow; requests: bigint }) {
  const priced = bigintOf(row.requests_priced);
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
    per_request_fact:
      priced === 0n
        ? null
        : sheet.smallUsd(`${path}per_request`, bigintOf(row.spend_priced) / priced, {
            formula: 'Σ cost ÷ Σ requests of records that have both',
            inputs: ['cost_computed', 'cost_reported', 'requests'],
          }),
    input_per_request_fact: mean('input'),
    output_per_request_fact: mean('output'),
  };
}

/** The whole and its groups in one scan. */
function statement(dimension: Dimension, where: string, limit: number): string {
  const priced = 'FILTER (WHERE requests IS NOT NULL AND spend IS NOT NULL)';
  const metered = 'FILTER (WHERE spend IS NOT NULL AND NOT is_bill AND input_total + output_total > 0)';
  const sums = ['input', 'output'].map(
    (kind) =>
      `sum(${kind}_total)::text AS ${kind}_tokens, (sum(${kind}_total) FILTER (WHERE requests IS NOT NULL))::text AS ${kind}_counted`,
  );
  return `
  SELECT grouping(name) = 1 AS whole, name, sum(spend)::text AS spend, sum(requests)::text AS requests,
    (sum(spend) ${priced})::text AS spend_priced, (sum(requests) ${priced})::text AS requests_priced,
    (sum(spend) ${metered})::text AS spend_metered, (sum(input_total + output_total) ${metered})::text AS tokens_metered, ${sums.join(', ')},
    sum(cache_read)::text AS cached_tokens, max(ts_start) AS last
  FROM (SELECT ${DIMENSION_COLUMNS[dimension]} AS name, ${SPEND} AS spend, ${REQUESTS} AS requests, input_total, output_total, cache_read, is_bill,
          ts_start
        FROM usage_event WHERE ${where}) usage
  GROUP BY GROUPING SETS ((), (name)) HAVING count(*) > 0
  ORDER BY grouping(name) DESC, sum(spend) DESC NULLS LAST, name LIMIT $${limit}::int + 1`;
}
