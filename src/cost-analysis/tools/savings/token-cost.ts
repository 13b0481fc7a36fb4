import type { PriceBook } from '../../prices/price-book.js';

interface Tokens {
  readonly model: string;
  readonly provider: string | null;
  readonly calls: number;
  readonly last: Date;
  readonly input?: number;
  readonly output?: number;
}

/**
 * What some of the tokens of a model cost, at the base price of its last day: a tier for long inputs or a discount for batches is left out, and
 * small beside the rest. Undefined without a price.
 */
export function tokenCost(prices: PriceBook, tokens: Tokens): bigint | undefined {
  return prices.price({
    inputUncached: tokens.input ?? 0,
    output: tokens.output ?? 0,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    modelRaw: tokens.model,
    provider: tokens.provider ?? undefined,
    at: tokens.last,
    rowKind: 'bucket',
    requests: tokens.calls,
  }).costNanoUsd;
}
