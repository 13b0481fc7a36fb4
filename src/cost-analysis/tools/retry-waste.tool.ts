import type { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { usdDecimal } from '../prices/money.js';
import { latestOf } from './latest.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { SHARES } from './savings/measures.js';
import type { Retries } from './savings/retries.js';
import { SavingAnalyses } from './savings/saving-analyses.js';
import { adopted } from './substitution.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema;
type Input = z.output<typeof schema>;

const ROWS_MAX = 8;

@Tool({
  name: 'retry_waste',
  description:
    'What failed calls cost, and calls that were broken off and made again within a minute (same prompt): billed, and of no use.',
  schema,
  idempotent: true,
})
export class RetryWasteTool implements ToolHandler<Input> {
  constructor(private readonly analyses: SavingAnalyses) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const [usage, found] = await Promise.all([
      this.analyses.segments.in(input, call.signal),
      this.analyses.retries.in(input, call.signal),
    ]);
    const sheet = new FactSheet(factScope('retry_waste', input, {}), latestOf(found));
    const waste = found.reduce((total, { costNano }) => total + costNano, 0n);
    addTotals(sheet, found, { waste, spend: usage.spendNano });
    return sheet.savingReport({
      rows: found.slice(0, ROWS_MAX).map((one) => segmentRow(sheet, one)),
      needs: ['status', 'cost'],
      covered: { part: usage.pricedNano, whole: usage.spendNano },
      caveats: [
        'Not every failure can be avoided: the range runs from half of it to all of it.',
        ...(found.some(({ repeatedCalls }) => repeatedCalls > 0n)
          ? []
          : ['Calls that were broken off and made again are found only where the data has a prompt hash.']),
      ],
    });
  }
}

function addTotals(
  sheet: FactSheet,
  found: readonly Retries[],
  { waste, spend }: { waste: bigint; spend: bigint },
): void {
  const failed = found.reduce((total, { failedCalls }) => total + (failedCalls ?? 0n), 0n);
  const repeated = found.reduce((total, { repeatedCalls }) => total + repeatedCalls, 0n);
  const calls = [
    sheet.count('failed_calls', failed, { formula: 'billed calls with status error', inputs: ['status'] }),
    sheet.count('repeated_calls', repeated, {
      formula: 'calls broken off and followed by the same prompt within sixty seconds',
      inputs: ['status', 'prompt_hash', 'ts_start'],
    }),
  ];
  const cost = sheet.usd('waste', waste, { formula: 'Σ cost of these calls', inputs: calls });
  sheet.percent('waste_share', { part: waste, whole: spend }, { formula: 'waste ÷ spend', inputs: [cost] });
  const avoidable = (bound: 'low' | 'high') =>
    sheet.usd(`saving_${bound}`, adopted(waste, SHARES.retry[bound]), {
      formula: `waste × ${SHARES.retry[bound]} %, the share that can be avoided`,
      inputs: [cost],
    });
  avoidable('low');
  avoidable('high');
}

const segmentRow = (sheet: FactSheet, { model, feature, costNano, failedCalls, repeatedCalls }: Retries) => ({
  model,
  feature,
  cost_usd: usdDecimal(costNano),
  failed_calls: failedCalls?.toString() ?? null,
  repeated_calls: repeatedCalls.toString(),
  cost_fact: sheet.usd(`${idPart(model)}.${feature === null ? '(untagged)' : idPart(feature)}.waste`, costNano, {
    formula: 'Σ cost of the failed and repeated calls of this model and feature',
    inputs: ['cost_computed'],
  }),
});
