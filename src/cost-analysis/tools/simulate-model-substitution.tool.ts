import { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import type { PriceBook } from '../prices/price-book.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { latestOf } from './latest.js';
import { byModel, substitutions } from './savings/model-moves.js';
import { SavingAnalyses } from './savings/saving-analyses.js';
import { substitutionReport } from './substitution-report.js';
import { usageScopeSchema } from './usage-scope.js';

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
@Tool({
  name: 'simulate_model_substitution',
  description:
    'What the same tokens would have cost on a cheaper model, for a range of the traffic that could move. Says nothing about quality.',
  schema,
  idempotent: true,
})
export class SimulateModelSubstitutionTool implements ToolHandler<Input> {
  constructor(private readonly analyses: SavingAnalyses) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { segments, spendNano } = await this.analyses.segments.in(input, call.signal);
    const prices = await this.analyses.prices();
    const models = [...byModel(segments)]
      .filter(([model]) => input.from_model === undefined || model === input.from_model)
      .slice(0, input.to_model === undefined ? MODELS_MAX : MODELS_MAX_FOR_TARGET);
    return substitutionReport(factScope('simulate_model_substitution', input, DEFAULTS), {
      simulated: models.map(([model, own]) => ({
        model,
        costNano: own.reduce((total, { costNano }) => total + costNano, 0n),
        substitutions: substitutions(own, prices, input.to_model),
      })),
      totalNano: spendNano,
      adoptionPercent: {
        low: input.adoption_low_percent,
        high: Math.max(input.adoption_low_percent, input.adoption_high_percent),
      },
      unpricedTarget: unpriced(input.to_model, { prices, at: segments[0]?.last }),
      last: latestOf(segments),
    });
  }
}

/** The model to move to, when it has no price. */
function unpriced(
  wanted: string | undefined,
  { prices, at }: { prices: PriceBook; at: Date | undefined },
): string | undefined {
  const isKnown = wanted === undefined || at === undefined || prices.describeModel(wanted, at) !== undefined;
  return isKnown ? undefined : wanted;
}
