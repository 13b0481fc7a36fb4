import type { PriceBook } from '../../prices/price-book.js';
import { least } from '../decimal.js';
import { latestOf } from '../latest.js';
import { bySegment, type Segment } from './saving.js';
import { ratesOf, tokenCost } from './token-cost.js';
import type { Excess } from './token-excess.js';

/** What the tokens above the percentiles cost, nano-USD; never more than all calls of the segment. */
export interface PricedExcess extends Segment, Pick<Excess, 'costNano' | 'tokens' | 'p95' | 'p99'> {
  readonly excessP95: bigint;
  readonly excessP99: bigint;
  /** Above the ninety-ninth and above the ninety-fifth percentile. */
  readonly lowNano: bigint;
  readonly highNano: bigint;
  readonly last: Date;
}

/** The excess of each segment over all tiers of service; what has no price is left out. */
export const pricedExcess = (
  excesses: readonly Excess[],
  { prices, side }: { prices: PriceBook; side: 'input' | 'output' },
): PricedExcess[] => {
  const priced = excesses.flatMap((one) => {
    const rates = ratesOf(prices, one);
    if (rates === undefined) return [];
    const kind = side === 'input' ? 'inputUncached' : 'output';
    const cost = (tokens: bigint): bigint => least(tokenCost(rates, { [kind]: Number(tokens) }), one.costNano);
    return [{ ...one, lowNano: cost(one.excessP99), highNano: cost(one.excessP95) }];
  });
  return bySegment(priced).flatMap((tiers) => merged(tiers) ?? []);
};

function merged(tiers: readonly (Excess & Pick<PricedExcess, 'lowNano' | 'highNano'>)[]): PricedExcess | undefined {
  const [first] = tiers;
  if (first === undefined) return undefined;
  const sum = (part: 'costNano' | 'tokens' | 'excessP95' | 'excessP99' | 'lowNano' | 'highNano'): bigint =>
    tiers.reduce((total, one) => total + one[part], 0n);
  return {
    model: first.model,
    provider: first.provider,
    feature: first.feature,
    p95: first.p95,
    p99: first.p99,
    costNano: sum('costNano'),
    tokens: sum('tokens'),
    excessP95: sum('excessP95'),
    excessP99: sum('excessP99'),
    lowNano: sum('lowNano'),
    highNano: sum('highNano'),
    last: latestOf(tiers) ?? first.last,
  };
}
