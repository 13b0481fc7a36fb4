import type { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { usdDecimal } from '../prices/money.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { latestOf } from './latest.js';
import type { Duplicates } from './savings/duplicates.js';
import { SavingAnalyses } from './savings/saving-analyses.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema;
type Input = z.output<typeof schema>;

const ROWS_MAX = 8;

@Tool({
  name: 'duplicate_requests',
  description:
    'Prompts that were sent again to the same model within an hour, and what the repetitions cost: what keeping answers would save. Needs prompt hashes.',
  schema,
  idempotent: true,
})
export class DuplicateRequestsTool implements ToolHandler<Input> {
  constructor(private readonly analyses: SavingAnalyses) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const [usage, found] = await Promise.all([
      this.analyses.segments.in(input, call.signal),
      this.analyses.duplicates.in(input, call.signal),
    ]);
    const sheet = new FactSheet(factScope('duplicate_requests', input, {}), latestOf(found));
    const sum = (part: 'repeatedCalls' | 'repeatedNano' | 'certainNano' | 'hashedNano'): bigint =>
      found.reduce((total, one) => total + one[part], 0n);
    const calls = sheet.count('repeated_calls', sum('repeatedCalls'), {
      formula: 'Σ (calls − 1) over each prompt of a model within an hour',
      inputs: ['prompt_hash', 'ts_start'],
    });
    sheet.usd('saving_low', sum('certainNano'), {
      formula: '(n − 1) × mean cost, embeddings only: the same text has the same embedding',
      inputs: [calls, 'operation'],
    });
    const high = sheet.usd('saving_high', sum('repeatedNano'), {
      formula: '(n − 1) × mean cost, all prompts',
      inputs: [calls],
    });
    sheet.percent(
      'repeated_share',
      { part: sum('repeatedNano'), whole: usage.spendNano },
      { formula: 'cost of repetitions ÷ all spend', inputs: [high] },
    );
    return sheet.savingReport({
      rows: found
        .filter(({ repeatedCalls }) => repeatedCalls > 0n)
        .slice(0, ROWS_MAX)
        .map((one) => segmentRow(sheet, one)),
      needs: ['prompt hash', 'single requests'],
      covered: { part: sum('hashedNano'), whole: usage.spendNano },
      caveats:
        found.length === 0
          ? ['Repeated prompts are found by their hash; the data has none on single requests that could be priced.']
          : ['Keeping answers is right only where the same prompt should have the same answer; check each feature.'],
    });
  }
}

const segmentRow = (sheet: FactSheet, { model, feature, repeatedCalls, repeatedNano }: Duplicates) => {
  const path = `${idPart(model)}.${feature === null ? '(untagged)' : idPart(feature)}`;
  return {
    model,
    feature,
    repeated_calls: repeatedCalls.toString(),
    cost_usd: usdDecimal(repeatedNano),
    calls_fact: sheet.count(`${path}.repeated_calls`, repeatedCalls, {
      formula: 'Σ (calls − 1)',
      inputs: ['prompt_hash'],
    }),
    cost_fact: sheet.usd(`${path}.repeated`, repeatedNano, {
      formula: 'Σ (n − 1) × mean cost',
      inputs: ['cost_computed'],
    }),
  };
};
