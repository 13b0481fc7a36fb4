import { combine, type Combination } from './combine.js';
import type { Measure } from './saving.js';

/** Shown from one dollar a month and half a percent of spend up: below, the work costs more than it saves. */
const NANO_A_MONTH_MIN = 1_000_000_000n;
const SPEND_PERMILLE_MIN = 5n;
export const DAYS_A_MONTH = 30n;

/** Measures that are worth the work on what those before them leave, and what they come to together. */
export function worthwhile(
  spend: ReadonlyMap<string, bigint>,
  measures: readonly Measure[],
  { spendNano, days }: { spendNano: bigint; days: number },
): Combination {
  const aMonth = (NANO_A_MONTH_MIN * BigInt(days)) / DAYS_A_MONTH;
  const ofSpend = (spendNano * SPEND_PERMILLE_MIN) / 1000n;
  const least = aMonth > ofSpend ? aMonth : ofSpend;
  const combined = combine(spend, measures);
  // Without a small one the others have more left to work on, so that none of them becomes small.
  const kept = combined.measures.filter(({ net }) => net.highNano >= least && net.highNano > 0n);
  return kept.length === measures.length
    ? combined
    : combine(
        spend,
        kept.map(({ measure }) => measure),
      );
}
