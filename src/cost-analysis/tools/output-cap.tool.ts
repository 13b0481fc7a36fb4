import type { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { latestOf } from './latest.js';
import { outputCapReport, type CappedModel } from './output-cap.js';
import { pricedExcess, type PricedExcess } from './savings/priced-excess.js';
import { bySegment } from './savings/saving.js';
import { SavingAnalyses } from './savings/saving-analyses.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema;
type Input = z.output<typeof schema>;

const MODELS_MAX = 10;

@Tool({
  name: 'output_cap',
  description:
    'What a limit on output tokens at the ninety-fifth and ninety-ninth percentile of each model and provider would save. Needs one row for each request.',
  schema,
  idempotent: true,
})
export class OutputCapTool implements ToolHandler<Input> {
  constructor(private readonly analyses: SavingAnalyses) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { segments, spendNano } = await this.analyses.outputExcess.in(input, call.signal);
    const priced = pricedExcess(segments, { prices: await this.analyses.prices(), side: 'output' });
    const models = bySegment(priced.map((one) => ({ ...one, feature: null })))
      .flatMap((own) => cappedModel(own) ?? [])
      .sort((a, b) => (a.costNano < b.costNano ? 1 : a.costNano > b.costNano ? -1 : 0))
      .slice(0, MODELS_MAX);
    return outputCapReport(factScope('output_cap', input, {}), models, spendNano);
  }
}

/** Percentiles are those of all calls of the model at its provider; segments differ in the feature only. */
function cappedModel(own: readonly PricedExcess[]): CappedModel | undefined {
  const [first] = own;
  if (first === undefined) return undefined;
  const sum = (part: 'costNano' | 'tokens' | 'excessP95' | 'excessP99' | 'lowNano' | 'highNano') =>
    own.reduce((total, one) => total + one[part], 0n);
  const caps = {
    p95: { tokens: first.p95, excess: sum('excessP95'), savingNano: sum('highNano') },
    p99: { tokens: first.p99, excess: sum('excessP99'), savingNano: sum('lowNano') },
  };
  return {
    model: first.model,
    provider: first.provider,
    costNano: sum('costNano'),
    output: sum('tokens'),
    caps,
    last: latestOf(own) ?? first.last,
  };
}
