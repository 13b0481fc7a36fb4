import type { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { PriceBook } from '../prices/price-book.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { outputCapReport, type CappedModel } from './output-cap.js';
import { byModel } from './savings/model-moves.js';
import { latestOf } from './latest.js';
import { SavingAnalyses } from './savings/saving-analyses.js';
import { tokenCost } from './savings/token-cost.js';
import type { Excess } from './savings/token-excess.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema;
type Input = z.output<typeof schema>;

const MODELS_MAX = 10;

@Tool({
  name: 'output_cap',
  description:
    'What a limit on output tokens at the ninety-fifth and ninety-ninth percentile of each model would save. Needs one row for each request.',
  schema,
  idempotent: true,
})
export class OutputCapTool implements ToolHandler<Input> {
  constructor(
    private readonly analyses: SavingAnalyses,
    private readonly prices: PriceBook,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { segments, spendNano } = await this.analyses.outputExcess.in(input, call.signal);
    const models = [...byModel(segments)]
      .flatMap(([, own]) => this.capped(own))
      .sort((a, b) => (a.costNano < b.costNano ? 1 : a.costNano > b.costNano ? -1 : 0))
      .slice(0, MODELS_MAX);
    return outputCapReport(factScope('output_cap', input, {}), models, spendNano);
  }

  private capped(own: readonly Excess[]): CappedModel[] {
    const [first] = own;
    const last = latestOf(own);
    if (first === undefined || last === null) return [];
    const sum = (part: 'costNano' | 'tokens' | 'excessP95' | 'excessP99') =>
      own.reduce((total, one) => total + one[part], 0n);
    const calls = own.reduce((total, one) => total + one.calls, 0);
    const saving = (tokens: bigint) => tokenCost(this.prices, { ...first, calls, last, output: Number(tokens) });
    const [save95, save99] = [saving(sum('excessP95')), saving(sum('excessP99'))];
    if (save95 === undefined || save99 === undefined) return [];
    const caps = {
      p95: { tokens: first.p95, excess: sum('excessP95'), savingNano: save95 },
      p99: { tokens: first.p99, excess: sum('excessP99'), savingNano: save99 },
    };
    return [{ model: first.model, costNano: sum('costNano'), output: sum('tokens'), caps, last }];
  }
}
