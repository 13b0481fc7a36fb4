/** The middle value; NaN of an empty list. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Linear interpolation between order statistics, as PostgreSQL's percentile_cont; NaN of an empty list. */
export function quantile(values: readonly number[], q: number): number {
  // Typed arrays sort by number natively; with a comparator this is the hot spot of anomaly detection.
  const sorted = new Float64Array(values).sort();
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export const mean = (values: readonly number[]): number => sum(values) / values.length;

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Median absolute deviation from the median, unscaled. */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}
