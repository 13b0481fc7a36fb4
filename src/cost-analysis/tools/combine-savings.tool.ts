import { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { RunDays } from './run-days.js';
import { combinedReport } from './savings/combined-report.js';
import {
  batchMeasures,
  cachingMeasures,
  duplicatesMeasure,
  excessMeasures,
  moveMeasures,
  retryMeasure,
} from './savings/measures.js';
import type { Measure } from './savings/saving.js';
import { segmentKey } from './savings/saving.js';
import { SavingAnalyses } from './savings/saving-analyses.js';
import type { UsageSegments } from './savings/usage-segments.js';
import { worthwhile } from './savings/worthwhile.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema.extend({
  batch_features: z.array(z.string().min(1).max(200)).max(20).default([]).describe('features known to be able to wait'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = schema.parse({});

@Tool({
  name: 'combine_savings',
  description:
    'All savings that the data supports, applied one after the other: gross, net of the ones before, and the overlap. The only sum of savings that may be shown.',
  schema,
  idempotent: true,
})
export class CombineSavingsTool implements ToolHandler<Input> {
  constructor(
    private readonly analyses: SavingAnalyses,
    private readonly runDays: RunDays,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const usage = await this.analyses.segments.in(input, call.signal);
    const measures = await this.measures(input, usage, call.signal);
    call.signal.throwIfAborted();
    const days = await this.runDays.covered(input, call.signal);
    const spend = spendBySegment(usage);
    return combinedReport(factScope('combine_savings', input, DEFAULTS), {
      combination: worthwhile(spend, measures, { spendNano: usage.spendNano, days }),
      spendNano: usage.spendNano,
      coveredNano: [...spend.values()].reduce((total, nano) => total + nano, 0n),
      days,
      last: usage.last,
    });
  }

  private async measures(
    input: Input,
    { segments, pricedNano }: UsageSegments,
    signal: AbortSignal,
  ): Promise<Measure[]> {
    const { analyses } = this;
    const prices = await analyses.prices();
    const [retries, duplicates, context, output, reuse, work] = await Promise.all([
      analyses.retries.in(input, signal),
      analyses.duplicates.in(input, signal),
      analyses.inputExcess.in(input, signal),
      analyses.outputExcess.in(input, signal),
      analyses.cacheReuse.in(input, signal),
      analyses.batchWork.in(input, signal),
    ]);
    return [
      retryMeasure(retries, pricedNano),
      duplicatesMeasure(duplicates),
      ...moveMeasures(segments, prices),
      ...excessMeasures(context.segments, { prices, side: 'input' }),
      ...excessMeasures(output.segments, { prices, side: 'output' }),
      ...cachingMeasures(reuse, prices),
      ...batchMeasures(work, { prices, namedFeatures: input.batch_features, zone: input.time_zone }),
    ];
  }
}

function spendBySegment({ segments }: UsageSegments): Map<string, bigint> {
  const spend = new Map<string, bigint>();
  for (const segment of segments) {
    const key = segmentKey(segment);
    spend.set(key, (spend.get(key) ?? 0n) + segment.costNano);
  }
  return spend;
}
