import { z } from 'zod';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { PriceBook } from '../prices/price-book.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { substitute, type Substitution, type TokenSegment } from './substitution.js';
import { substitutionReport } from './substitution-report.js';
import { bigintOf, REQUESTS, usageFilter, usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema.extend({
  from_model: z.string().min(1).max(200).optional().describe('model in use; default: the models that cost most'),
  to_model: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('model to move to; default: cheaper candidates from the price list'),
  adoption_low_percent: z.int().min(1).max(95).default(30).describe('least share of the traffic that could move'),
  adoption_high_percent: z.int().min(1).max(95).default(80).describe('largest share of the traffic that could move'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = schema.parse({});

const MODELS_MAX = 3;
/** A question about one model to move to is about every model in use. */
const MODELS_MAX_FOR_TARGET = 10;
const CANDIDATES_MAX = 4;
/** Combinations of model, provider and tier that are read; the rest counts as not covered. */
const SEGMENTS_MAX = 200;

interface SegmentRow {
  readonly model: string;
  readonly provider: string | null;
  readonly is_batch: boolean | null;
  readonly service_tier: string | null;
  readonly cost: string;
  readonly input_uncached: string;
  readonly cache_read: string;
  readonly cache_write_5m: string;
  readonly cache_write_1h: string;
  readonly output: string;
  readonly requests: string | null;
  readonly input_p99: string | null;
  readonly last: Date;
  readonly total: string;
}

@Tool({
  name: 'simulate_model_substitution',
  description:
    'What the same tokens would have cost on a cheaper model, for a range of the traffic that could move. Says nothing about quality.',
  schema,
  idempotent: true,
})
export class SimulateModelSubstitutionTool implements ToolHandler<Input> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly database: Database,
    private readonly prices: PriceBook,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { where, parameters } = usageFilter(this.context.tenantId, input);
    const rows = await this.database.within(call.signal).rows<SegmentRow>(statement(where), parameters);
    const byModel = groupByModel(rows.map(segment));
    const models = [...byModel]
      .filter(([model]) => input.from_model === undefined || model === input.from_model)
      .slice(0, input.to_model === undefined ? MODELS_MAX : MODELS_MAX_FOR_TARGET);
    return substitutionReport(factScope('simulate_model_substitution', input, DEFAULTS), {
      simulated: models.map(([model, segments]) => ({
        model,
        costNano: cost(segments),
        substitutions: this.simulate(segments, input.to_model),
      })),
      totalNano: bigintOf(rows[0]?.total),
      adoptionPercent: {
        low: input.adoption_low_percent,
        high: Math.max(input.adoption_low_percent, input.adoption_high_percent),
      },
      unpricedTarget: this.unpriced(input.to_model, rows[0]?.last),
      last: rows.reduce<Date | null>((most, { last }) => (most === null || last > most ? last : most), null),
    });
  }

  /** The model to move to, when the price list does not have it. */
  private unpriced(wanted: string | undefined, at: Date | undefined): string | undefined {
    const isKnown = wanted === undefined || at === undefined || this.prices.describeModel(wanted, at) !== undefined;
    return isKnown ? undefined : wanted;
  }

  private simulate(segments: readonly TokenSegment[], wanted: string | undefined): Substitution[] {
    const [first] = segments;
    if (first === undefined) return [];
    const named = wanted === undefined ? undefined : this.prices.describeModel(wanted, first.last);
    const candidates =
      wanted === undefined ? this.prices.cheaperCandidates(first.model, first.last, first.provider ?? undefined) : [];
    return [...(named === undefined || named.modelId === first.model ? [] : [named]), ...candidates]
      .map((candidate) => substitute(segments, candidate, this.prices))
      .filter((result) => result !== undefined)
      .slice(0, CANDIDATES_MAX);
  }
}

const statement = (where: string): string => `
  SELECT model_id AS model, provider, is_batch, service_tier, sum(cost_computed)::text AS cost, sum(input_uncached)::text AS input_uncached,
    sum(cache_read)::text AS cache_read, sum(cache_write_5m)::text AS cache_write_5m, sum(cache_write_1h)::text AS cache_write_1h,
    sum(output_total)::text AS output, CASE WHEN count(*) = count(requests) THEN sum(requests)::text END AS requests,
    (percentile_disc(0.99) WITHIN GROUP (ORDER BY input_total / greatest(requests, 1)) FILTER (WHERE requests IS NOT NULL))::text AS input_p99,
    max(ts_start) AS last, (sum(sum(cost_computed)) OVER ())::text AS total
  FROM (SELECT model_id, provider, is_batch, service_tier, cost_computed, input_total, input_uncached, cache_read, cache_write_5m,
          cache_write_1h, output_total, ${REQUESTS} AS requests, ts_start
        FROM usage_event WHERE ${where} AND cost_computed IS NOT NULL AND model_id IS NOT NULL) usage
  GROUP BY model_id, provider, is_batch, service_tier
  ORDER BY sum(sum(cost_computed)) OVER (PARTITION BY model_id) DESC, model_id, sum(cost_computed) DESC LIMIT ${SEGMENTS_MAX}`;

const segment = (row: SegmentRow): TokenSegment => ({
  model: row.model,
  provider: row.provider,
  isBatch: row.is_batch,
  serviceTier: row.service_tier,
  costNano: BigInt(row.cost),
  inputUncached: Number(row.input_uncached),
  cacheRead: Number(row.cache_read),
  cacheWrite5m: Number(row.cache_write_5m),
  cacheWrite1h: Number(row.cache_write_1h),
  output: Number(row.output),
  requests: row.requests === null ? null : Number(row.requests),
  inputP99: row.input_p99 === null ? null : Number(row.input_p99),
  last: row.last,
});

const cost = (segments: readonly TokenSegment[]): bigint =>
  segments.reduce((total, { costNano }) => total + costNano, 0n);

function groupByModel(segments: readonly TokenSegment[]): Map<string, TokenSegment[]> {
  const groups = new Map<string, TokenSegment[]>();
  for (const one of segments) {
    const group = groups.get(one.model);
    if (group === undefined) groups.set(one.model, [one]);
    else group.push(one);
  }
  return groups;
}
