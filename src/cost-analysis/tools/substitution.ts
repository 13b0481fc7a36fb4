import type { ModelDescription } from '../prices/model-description.js';
import type { PriceBook } from '../prices/price-book.js';
import type { TieredSegment } from './savings/saving.js';

/** Usage of one model at one tier of service, summed over its rows; money in nano-USD. */
export interface TokenSegment extends TieredSegment {
  readonly costNano: bigint;
  readonly inputUncached: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  /** Calls behind the sums; null where a row does not say. */
  readonly requests: number | null;
  /** The smallest context window that the input of ninety-nine of a hundred calls fits into; null where calls can't be told apart. */
  readonly inputWindow: number | null;
}

/** What the usage of one model would have cost on another. */
export interface Substitution {
  readonly from: string;
  readonly to: ModelDescription;
  readonly costNano: bigint;
  readonly costThenNano: bigint;
  readonly savingNano: bigint;
  /** Whether the input of ninety-nine of a hundred calls fits into the other model's context window; null when unknown. */
  readonly fits: boolean | null;
}

/** A substitute is worth a test when it cuts the model's cost by at least this much; below, moving costs more than it brings. */
const WORTHWHILE_PERCENT = 30n;

/**
 * Σ[cost(tokens, m) − cost(tokens, m′)] over a model's usage, at the prices of its last day, without the adoptable share.
 * Undefined when m′ can't be priced for it.
 */
export function substitute(
  segments: readonly TokenSegment[],
  to: ModelDescription,
  prices: PriceBook,
): Substitution | undefined {
  let costThenNano = 0n;
  for (const segment of segments) {
    const price = prices.price({
      ...segment,
      modelRaw: to.modelId,
      provider: to.provider,
      at: segment.last,
      rowKind: 'bucket',
    });
    if (price.costNanoUsd === undefined) return undefined;
    costThenNano += price.costNanoUsd;
  }
  const costNano = segments.reduce((total, segment) => total + segment.costNano, 0n);
  return {
    from: segments[0]?.model ?? '',
    to,
    costNano,
    costThenNano,
    savingNano: costNano - costThenNano,
    fits: fits(segments, to),
  };
}

/** Of substitutions of one model, nearest in kind first, the one to test: it fits, saves enough and is not on its way out. */
export function worthTesting(substitutions: readonly Substitution[]): Substitution | undefined {
  const possible = substitutions.filter(
    ({ fits, savingNano, to }) => fits !== false && savingNano > 0n && !to.deprecated,
  );
  const worthwhile = possible.find(({ savingNano, costNano }) => 100n * savingNano >= WORTHWHILE_PERCENT * costNano);
  return (
    worthwhile ??
    possible.reduce<Substitution | undefined>(
      (best, one) => (best === undefined || one.savingNano > best.savingNano ? one : best),
      undefined,
    )
  );
}

/** The part of a saving that an adoptable share of the traffic brings, in nano-USD. */
export const adopted = (savingNano: bigint, adoptionPercent: number): bigint =>
  (savingNano * BigInt(adoptionPercent)) / 100n;

function fits(segments: readonly TokenSegment[], to: ModelDescription): boolean | null {
  const window = to.contextWindow;
  if (window === undefined || segments.some(({ inputWindow }) => inputWindow === null)) return null;
  return segments.every(({ inputWindow }) => (inputWindow ?? 0) <= window);
}
