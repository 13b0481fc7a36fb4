import { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import type { ModelDescription } from '../prices/model-description.js';
import type { PriceBook } from '../prices/price-book.js';
import { usdDecimal } from '../prices/money.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { isOutdone } from './frontier.js';
import { latestOf } from './latest.js';
import { byModel } from './savings/model-moves.js';
import { SavingAnalyses } from './savings/saving-analyses.js';
import { substitute, type TokenSegment } from './substitution.js';
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
  constructor(private readonly analyses: SavingAnalyses) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { segments, spendNano } = await this.analyses.segments.in(input, call.signal);
    const candidates = candidatesFor(segments, await this.analyses.prices(), input.scores);
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
      covered: { part: segments.reduce((total, { costNano }) => total + costNano, 0n), whole: spendNano },
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
}

/** Models in use, those with a score and the cheaper ones beside them, the dearest first. */
function candidatesFor(segments: readonly TokenSegment[], prices: PriceBook, scores: Input['scores']): Candidate[] {
  const [latest] = segments;
  if (latest === undefined) return [];
  const at = latest.last;
  const inUse = [...byModel(segments).values()].flatMap(([first]) =>
    first === undefined ? [] : (prices.describeModel(first.model, first.last, first.provider ?? undefined) ?? []),
  );
  const scored = Object.entries(scores).flatMap(([name, score]) => {
    const model = prices.describeModel(name, at);
    return model === undefined ? [] : [{ model, score }];
  });
  const beside = inUse.flatMap(({ modelId, provider }) => prices.cheaperCandidates(modelId, at, provider));
  const used = new Set(inUse.map(({ modelId }) => modelId));
  return onePerId([...inUse, ...scored.map(({ model }) => model), ...beside])
    .slice(0, MODELS_MAX)
    .flatMap((model): Candidate[] => {
      const costNano = substitute(segments, model, prices)?.costThenNano;
      const score = scored.find((one) => one.model.modelId === model.modelId)?.score;
      return costNano === undefined ? [] : [{ model: model.modelId, inUse: used.has(model.modelId), costNano, score }];
    })
    .sort((a, b) => (a.costNano < b.costNano ? 1 : a.costNano > b.costNano ? -1 : 0));
}

/** The first of each: a model in use comes with who serves it. */
const onePerId = (models: readonly ModelDescription[]): ModelDescription[] =>
  models.filter(({ modelId }, at) => models.findIndex((one) => one.modelId === modelId) === at);
