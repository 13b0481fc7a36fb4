import type { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { usdDecimal } from '../prices/money.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { latestOf } from './latest.js';
import { pricedExcess, type PricedExcess } from './savings/priced-excess.js';
import { SavingAnalyses } from './savings/saving-analyses.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema;
type Input = z.output<typeof schema>;

const ROWS_MAX = 8;

@Tool({
  name: 'oversized_context',
  description:
    'Calls that send far more input than others of the same feature, and what the tokens above the ninety-fifth and ninety-ninth percentile cost. Needs one row for each request.',
  schema,
  idempotent: true,
})
export class OversizedContextTool implements ToolHandler<Input> {
  constructor(private readonly analyses: SavingAnalyses) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { segments, spendNano } = await this.analyses.inputExcess.in(input, call.signal);
    const sheet = new FactSheet(factScope('oversized_context', input, {}), latestOf(segments));
    const priced = pricedExcess(segments, { prices: await this.analyses.prices(), side: 'input' }).sort((a, b) =>
      a.highNano < b.highNano ? 1 : a.highNano > b.highNano ? -1 : 0,
    );
    const sum = (bound: 'lowNano' | 'highNano') => priced.reduce((total, one) => total + one[bound], 0n);
    const formula = 'Σ max(0, uncached input − percentile of the feature) × input price';
    sheet.usd('saving_low', sum('lowNano'), { formula: `${formula}, ninety-ninth`, inputs: ['input_uncached'] });
    const high = sheet.usd('saving_high', sum('highNano'), {
      formula: `${formula}, ninety-fifth`,
      inputs: ['input_uncached'],
    });
    const share = { part: sum('highNano'), whole: spendNano };
    sheet.percent('saving_high_share', share, { formula: 'saving ÷ all spend', inputs: [high] });
    return sheet.savingReport({
      rows: priced.slice(0, ROWS_MAX).map((one) => excessRow(sheet, one)),
      needs: ['single requests', 'model', 'tokens'],
      covered: { part: priced.reduce((total, { costNano }) => total + costNano, 0n), whole: spendNano },
      caveats:
        segments.length === 0
          ? ['Oversized inputs need one row for each request; the data has none that could be priced.']
          : ['A long input may be needed: look at what the longest calls send before cutting it.'],
    });
  }
}

function excessRow(sheet: FactSheet, { lowNano, highNano, ...excess }: PricedExcess) {
  const path = `${idPart(excess.model)}.${excess.feature === null ? '(untagged)' : idPart(excess.feature)}`;
  const cap = (name: 'p95' | 'p99') =>
    sheet.tokens(`${path}.${name}`, excess[name], {
      formula: 'percentile of uncached input tokens of a call of this model and feature',
      inputs: ['input_uncached'],
    });
  const [low, high] = [cap('p99'), cap('p95')];
  return {
    model: excess.model,
    feature: excess.feature,
    cost_usd: usdDecimal(excess.costNano),
    cap_low_fact: low,
    cap_high_fact: high,
    low_fact: sheet.usd(`${path}.saving_low`, lowNano, { formula: 'tokens above × input price', inputs: [low] }),
    high_fact: sheet.usd(`${path}.saving_high`, highNano, { formula: 'tokens above × input price', inputs: [high] }),
  };
}
