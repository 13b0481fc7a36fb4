import { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { PriceBook } from '../prices/price-book.js';
import { usdDecimal } from '../prices/money.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { isOutdone } from './frontier.js';
import { latestOf } from './latest.js';
import { byModel } from './savings/model-moves.js';
import { SavingAnalyses } from './savings/saving-analyses.js';
import type { UsageSegment } from './savings/usage-segments.js';
import { substitute } from './substitution.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema.extend({
  scores: z
    .record(z.string().min(1).max(200), z.number().min(0).max(100))
    .default({})
    .describe('how well models did on your own test, from 0 to 100, by model'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = schema.parse({});

const MODELS_MAX = 12;

interface Candidate {
  readonly model: string;
  readonly inUse: boolean;
  readonly costNano: bigint;
  readonly score: number | undefined;
}

@Tool({
  name: 'price_performance_frontier',
  description:
    'What all of the usage would cost on each model in use and on current ones, and, with scores of your own test, which models are beaten by one that is cheaper and no worse.',
  schema,
  idempotent: true,
})
export class PricePerformanceFrontierTool implements ToolHandler<Input> {
  constructor(
    private readonly analyses: SavingAnalyses,
    private readonly prices: PriceBook,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { segments, pricedNano, spendNano } = await this.analyses.segments.in(input, call.signal);
    const candidates = this.candidates(segments, input.scores);
    const scored = candidates.filter(({ score }) => score !== undefined);
    const points = scored.map(({ costNano, score }) => ({ cost: Number(costNano), score: score ?? 0 }));
    const sheet = new FactSheet(factScope('price_performance_frontier', input, DEFAULTS), latestOf(segments));
    return sheet.report({
      rows: candidates.map((one) => ({
        model: one.model,
        in_use: one.inUse,
        cost_usd: usdDecimal(one.costNano),
        cost_fact: sheet.usd(`${idPart(one.model)}.cost`, one.costNano, {
          formula: 'Σ cost of all priced usage in scope on this model',
          inputs: ['tokens'],
        }),
        outdone: one.score === undefined ? null : isOutdone(points, scored.indexOf(one)),
      })),
      needs: ['model', 'tokens', 'scores of a test of your own'],
      covered: { part: pricedNano, whole: spendNano },
      caveats: [
        ...(scored.length < 2
          ? [
              'Usage data says nothing about how good answers are: with scores of your own test, models that are beaten are marked.',
            ]
          : []),
        'Models count tokens differently, so real costs on another model can differ.',
      ],
    });
  }

  /** Models in use and the cheaper ones beside them, the dearest first. */
  private candidates(segments: readonly UsageSegment[], scores: Input['scores']): Candidate[] {
    const [first] = segments;
    if (first === undefined) return [];
    const inUse = [...byModel(segments).keys()];
    const beside = inUse.flatMap((model) =>
      this.prices.cheaperCandidates(model, first.last).map(({ modelId }) => modelId),
    );
    const names = [...new Set([...inUse, ...Object.keys(scores), ...beside])].slice(0, MODELS_MAX);
    return names
      .flatMap((model): Candidate[] => {
        const described = this.prices.describeModel(model, first.last);
        const moved = described === undefined ? undefined : substitute(segments, described, this.prices);
        return moved === undefined
          ? []
          : [{ model, inUse: inUse.includes(model), costNano: moved.costThenNano, score: scores[model] }];
      })
      .sort((a, b) => (a.costNano < b.costNano ? 1 : a.costNano > b.costNano ? -1 : 0));
  }
}
