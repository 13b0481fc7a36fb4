import type { UsageRow } from './usage-row.js';

/** From the earliest start to the latest end. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

/** The period that all these rows and `before` lie in; undefined when there is nothing. */
export function periodOf(rows: readonly UsageRow[], before?: Period): Period | undefined {
  let period = before;
  for (const { tsStart, tsEnd = tsStart } of rows) {
    const { from, to } = period ?? { from: tsStart, to: tsEnd };
    if (period === undefined || tsStart < from || tsEnd > to)
      period = { from: tsStart < from ? tsStart : from, to: tsEnd > to ? tsEnd : to };
  }
  return period;
}
