import { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { bestCommitment } from './commitment.js';
import { LATEST_RANGE_ONLY, wholeRanges } from './daily-series.js';
import { estimateToNano } from './decimal.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { RunDays } from './run-days.js';
import { addUnpricedDays } from './unpriced-days.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema.extend({
  discount_low_percent: z.int().min(1).max(90).default(10).describe('least discount for committing'),
  discount_high_percent: z.int().min(1).max(90).default(30).describe('largest discount for committing'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = schema.parse({});

const DAYS_MIN = 14;
const DAYS_A_MONTH = 30;

@Tool({
  name: 'commitment_break_even',
  description:
    'Committing to a spend for a discount: how much of it must be used to pay, which amount would have saved most on the days in the data, and how much.',
  schema,
  idempotent: true,
})
export class CommitmentBreakEvenTool implements ToolHandler<Input> {
  constructor(private readonly runDays: RunDays) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const observed = await this.runDays.observed(input, call.signal);
    const ranges = wholeRanges(observed.days);
    const series = (ranges.at(-1) ?? []).flatMap(({ usd, unpriced }) => (unpriced === true ? [] : [usd]));
    const enough = series.length >= DAYS_MIN;
    const sheet = new FactSheet(factScope('commitment_break_even', input, DEFAULTS), observed.last);
    sheet.days('days', series.length, { formula: 'whole days looked at', inputs: ['ts_start'] });
    const unpriced = addUnpricedDays(sheet, observed);
    const discounts = [...new Set([input.discount_low_percent, input.discount_high_percent])].sort((a, b) => a - b);
    return sheet.report({
      rows: enough ? discounts.map((percent) => discountRow(sheet, series, percent)) : [],
      needs: ['daily spend'],
      covered: { part: enough ? 1n : 0n, whole: 1n },
      caveats: [...(enough ? caveats(ranges.length) : [TOO_FEW_DAYS]), ...unpriced],
    });
  }
}

const TOO_FEW_DAYS = 'There are fewer than fourteen whole days of data, too few to tell which spend is steady.';

const caveats = (ranges: number): string[] => [
  'The discount is an assumption: ask the provider for an offer.',
  ...(ranges > 1 ? [LATEST_RANGE_ONLY] : []),
  'A commitment binds: it pays only if usage does not fall, and cheaper models or other savings make it smaller.',
];

function discountRow(sheet: FactSheet, series: readonly number[], percent: number) {
  const best = bestCommitment(series, percent / 100);
  const path = `discount-${percent}`;
  const discount = sheet.estimatedPercent(`${path}.discount`, percent, { formula: 'assumed discount', inputs: [] });
  const inputs = [discount, 'daily spend'];
  return {
    discount_fact: discount,
    break_even_fact: sheet.estimatedPercent(`${path}.break_even`, 100 - percent, { formula: '1 − discount', inputs }),
    amount_fact: sheet.usd(`${path}.month`, estimateToNano(best.dailyUsd * DAYS_A_MONTH), {
      formula: 'thirty times the daily amount that would have saved most',
      inputs,
    }),
    used_fact: sheet.estimatedPercent(`${path}.used`, 100 * best.usedShare, {
      formula: 'share of it that was used',
      inputs,
    }),
    saving_fact: sheet.usd(`${path}.saving`, estimateToNano(best.savingUsd), {
      formula: 'Σ list cost − (commitment + list cost beyond it), on the days in the data',
      inputs,
    }),
  };
}
