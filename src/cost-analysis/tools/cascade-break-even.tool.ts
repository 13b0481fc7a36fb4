import { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { breakEvenMillionths, cascadeSaving } from './cascade.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { latestOf } from './latest.js';
import { byModel, substitutions } from './savings/model-moves.js';
import { SavingAnalyses } from './savings/saving-analyses.js';
import { worthTesting, type Substitution } from './substitution.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema.extend({
  cheap_model: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('model to ask first; default: the one to test for each model in use'),
  check_percent: z
    .int()
    .min(0)
    .max(100)
    .default(10)
    .describe('what checking an answer costs, in percent of the cheap call'),
  escalated_low_percent: z
    .int()
    .min(0)
    .max(100)
    .default(20)
    .describe('least share of calls passed on to the strong model'),
  escalated_high_percent: z.int().min(0).max(100).default(50).describe('largest share of calls passed on'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = schema.parse({});

const MODELS_MAX = 5;

@Tool({
  name: 'cascade_break_even',
  description:
    'Asking a cheap model first and passing on what it can not do: up to which share of calls passed on this pays, and what it would save.',
  schema,
  idempotent: true,
})
export class CascadeBreakEvenTool implements ToolHandler<Input> {
  constructor(private readonly analyses: SavingAnalyses) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { segments, spendNano } = await this.analyses.segments.in(input, call.signal);
    const prices = await this.analyses.prices();
    const sheet = new FactSheet(factScope('cascade_break_even', input, DEFAULTS), latestOf(segments));
    const pairs = [...byModel(segments).values()]
      .slice(0, MODELS_MAX)
      .flatMap((own) => worthTesting(substitutions(own, prices, input.cheap_model)) ?? [])
      .filter(({ costNano }) => costNano > 0n);
    return sheet.savingReport({
      rows: pairs.map((pair) => pairRow(sheet, pair, input)),
      needs: ['model', 'tokens', 'cost'],
      covered: { part: pairs.reduce((total, { costNano }) => total + costNano, 0n), whole: spendNano },
      caveats: [
        ...(pairs.length === 0 ? ['There is no cheaper model to ask first for the models in use.'] : []),
        'How many calls a cheap model has to pass on is not known from usage data; measure it on your own cases.',
        ...(pairs.some(({ fits }) => fits === null)
          ? ['Whether the inputs fit into the context window of the cheap model could not be checked everywhere.']
          : []),
      ],
    });
  }
}

function pairRow(sheet: FactSheet, { from, to, costNano, costThenNano }: Substitution, input: Input) {
  const path = `${idPart(from)}.${idPart(to.modelId)}`;
  const cascade = { cheapNano: costThenNano, strongNano: costNano, checkPercent: input.check_percent };
  const inputs = [
    sheet.usd(`${path}.strong`, costNano, { formula: 'Σ cost of the model in use', inputs: ['cost_computed'] }),
    sheet.usd(`${path}.cheap`, costThenNano, {
      formula: `Σ cost of the same tokens on ${to.modelId}`,
      inputs: ['tokens'],
    }),
  ];
  const share = { part: breakEvenMillionths(cascade), whole: 1_000_000n };
  const even = sheet.percent(`${path}.break_even`, share, { formula: '1 − (1 + check) × cheap ÷ strong', inputs });
  const saving = (bound: 'low' | 'high', escalated: number) =>
    sheet.usd(`${path}.saving_${bound}`, cascadeSaving(cascade, escalated), {
      formula: `strong − (1 + check) × cheap − ${escalated} % × strong`,
      inputs,
    });
  const most = Math.max(input.escalated_low_percent, input.escalated_high_percent);
  return {
    from_model: from,
    to_model: to.modelId,
    break_even_fact: even ?? null,
    low_fact: saving('low', most),
    high_fact: saving('high', input.escalated_low_percent),
  };
}
