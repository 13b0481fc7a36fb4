/** numerator / denominator, rounded half up (away from zero) to `decimals`. The denominator must not be zero. */
export function quotient(numerator: bigint, denominator: bigint, decimals: number): string {
  return scaledToDecimal(divideRounded(numerator * 10n ** BigInt(decimals), denominator), decimals);
}

/** A decimal string rounded half up (away from zero) to fewer decimals, or padded to more. */
export function roundDecimal(value: string, decimals: number): string {
  const [whole = '0', fraction = ''] = value.split('.');
  const scaled = BigInt(whole + fraction);
  const surplus = fraction.length - decimals;
  if (surplus <= 0) return scaledToDecimal(scaled * 10n ** BigInt(-surplus), decimals);
  return scaledToDecimal(divideRounded(scaled, 10n ** BigInt(surplus)), decimals);
}

/** Rounds half away from zero; works for negative values too. */
function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const [n, d] = [abs(numerator), abs(denominator)];
  const rounded = (2n * n + d) / (2n * d);
  return negative ? -rounded : rounded;
}

/** USD estimated in floats (forecasts, expectations) as integer nano-USD, rounded to the cent: more digits would pretend precision. */
export const estimateToNano = (usd: number): bigint => BigInt(Math.round(usd * 100)) * 10_000_000n;

/** Nano-USD as a float in USD: for statistics only, never for sums that are shown. */
export const nanoToUsd = (nano: bigint): number => Number(nano) / 1e9;

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const abs = (value: bigint): bigint => (value < 0n ? -value : value);

function scaledToDecimal(scaled: bigint, decimals: number): string {
  const digits = abs(scaled)
    .toString()
    .padStart(decimals + 1, '0');
  const sign = scaled < 0n ? '-' : '';
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
