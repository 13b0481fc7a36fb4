import type { PriceBook } from '../../prices/price-book.js';
import type { TokenRates } from '../../prices/token-rates.js';
import { least } from '../decimal.js';
import type { CacheReuse, CacheTraffic } from './cache-reuse.js';
import { bySegment, type Segment } from './saving.js';
import { ratesOf } from './token-cost.js';

/** What a cache would save, nano-USD; negative where writing costs more than reading saves. */
export interface CacheSaving {
  readonly everythingNano: bigint;
  /** When only what is read again in time is written: nobody knows that before, so it is the upper bound. */
  readonly selectedNano: bigint;
}

export interface CacheOutcome {
  /** Whether writing to the cache costs more than sending (Anthropic) or is free and automatic (OpenAI). */
  readonly style: 'paid writes' | 'free writes';
  readonly minutes5: CacheSaving;
  readonly hour1: CacheSaving;
}

type CacheRates = Pick<TokenRates, 'input' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h'>;

/** A million tokens × a million femto-USD in a nano-USD. */
const RATE_UNITS_PER_NANO_USD = 10n ** 12n;

/** reads · (p_in − p_read) − writes · (p_write − p_in), over all traffic of a segment. Writes always count. */
export function cacheOutcome(
  { minutes5, hour1 }: Pick<CacheReuse, 'minutes5' | 'hour1'>,
  rates: CacheRates,
): CacheOutcome {
  return {
    style: rates.cacheWrite5m > rates.input ? 'paid writes' : 'free writes',
    minutes5: saving(minutes5, rates, rates.cacheWrite5m),
    hour1: saving(hour1, rates, rates.cacheWrite1h),
  };
}

function saving(traffic: CacheTraffic, { input, cacheRead }: CacheRates, write: bigint): CacheSaving {
  const saved = traffic.read * (input - cacheRead);
  const net = (written: bigint): bigint => (saved - written * (write - input)) / RATE_UNITS_PER_NANO_USD;
  return { everythingNano: net(traffic.written), selectedNano: net(traffic.writtenOfUse) };
}

/** The range of a saving: free writes are automatic, but a provider keeps nothing for sure; paid ones depend on what is chosen. */
export function cacheRange({ style, minutes5 }: CacheOutcome): { lowNano: bigint; highNano: bigint } {
  const high = minutes5.selectedNano;
  const low = style === 'free writes' ? high / 2n : minutes5.everythingNano;
  return { lowNano: least(low, high), highNano: low > high ? low : high };
}

/** What a cache would save on a segment over all its tiers of service; no more than the segment cost. */
export type CachedSegment = CacheOutcome & Segment & { readonly costNano: bigint };

/** What has no price is left out. */
export const cachedSegments = (reuse: readonly CacheReuse[], prices: PriceBook): CachedSegment[] =>
  bySegment(reuse).flatMap((tiers) => {
    const outcomes = tiers.flatMap((tier) => {
      const rates = ratesOf(prices, tier);
      return rates === undefined ? [] : [{ ...cacheOutcome(tier, rates), tier }];
    });
    const [first] = outcomes;
    if (first === undefined) return [];
    const { model, provider, feature } = first.tier;
    const costNano = outcomes.reduce((total, { tier }) => total + tier.costNano, 0n);
    const sum = (ttl: 'minutes5' | 'hour1'): CacheSaving => {
      const of = (part: keyof CacheSaving): bigint =>
        least(
          outcomes.reduce((total, one) => total + one[ttl][part], 0n),
          costNano,
        );
      return { everythingNano: of('everythingNano'), selectedNano: of('selectedNano') };
    };
    return [{ model, provider, feature, costNano, style: first.style, minutes5: sum('minutes5'), hour1: sum('hour1') }];
  });
