import type { PriceBook } from '../../prices/price-book.js';
import { costNanoUsd, type PricedTokens, type TokenRates } from '../../prices/token-rates.js';
import type { TieredSegment } from './saving.js';

/** What a segment pays for tokens on its last day: at the base price, since a tier for long inputs is not known of sums. Undefined without a price. */
export const ratesOf = (prices: PriceBook, { last, provider, ...segment }: TieredSegment): TokenRates | undefined =>
  prices.tokenRates({ ...segment, provider: provider ?? undefined, at: last });

const NO_TOKENS: PricedTokens = { inputUncached: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };
const ONCE = { numerator: 1n, denominator: 1n };

/** What so many tokens cost, nano-USD. */
export const tokenCost = (rates: TokenRates, tokens: Partial<PricedTokens>): bigint =>
  costNanoUsd({ ...NO_TOKENS, ...tokens }, 0, { rates, factor: ONCE });
