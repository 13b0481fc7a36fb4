/** Spend of one calendar day (UTC), in USD as a float: input of statistics, not of sums that are shown. */
export interface DailySpend {
  readonly day: string;
  readonly usd: number;
}

/** A day as the database answers it; `whole` is false when its rows cover only a part of the day. */
export interface ObservedDay extends DailySpend {
  readonly whole: boolean;
}

const DAY_MS = 86_400_000;

/**
 * The days from first to last without a gap, days without usage as zero. A first or last day that the data covers only in part is left
 * out: it would look like a drop, and pull every mean down.
 */
export function wholeDays(observed: readonly ObservedDay[]): DailySpend[] {
  const inner = observed.slice(observed[0]?.whole === false ? 1 : 0);
  const days = inner.slice(0, inner.at(-1)?.whole === false ? -1 : undefined);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const spend = new Map(days.map(({ day, usd }) => [day, usd]));
  const series: DailySpend[] = [];
  for (let at = Date.parse(first.day); at <= Date.parse(last.day); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    series.push({ day, usd: spend.get(day) ?? 0 });
  }
  return series;
}
