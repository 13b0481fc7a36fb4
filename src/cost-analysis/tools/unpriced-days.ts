import type { FactSheet } from './fact-sheet.js';

/** Says on how many days usage has no price, for who goes by spend a day; without such days, nothing. Answers the caveats. */
export function addUnpricedDays(sheet: FactSheet, { unpricedDays }: { readonly unpricedDays: number }): string[] {
  if (unpricedDays === 0) return [];
  sheet.days('unpriced_days', unpricedDays, {
    formula: 'days with usage that has neither a price nor a reported cost',
    inputs: ['cost_computed', 'cost_reported', 'ts_start'],
  });
  return [
    'Some usage has no price and is in no figure: a day on which work moved to it looks cheaper than it was. A day without any price counts as a usual one.',
  ];
}
