import { quantile, sum } from './statistics.js';

/** Paying a fixed amount a day for a discount: usage up to the commitment is billed at it, what goes beyond at the list price. */
export interface Commitment {
  /** USD a day that is paid whether it is used or not. */
  readonly dailyUsd: number;
  /** Over the days looked at. */
  readonly savingUsd: number;
  /** Share of the commitment that was used, from 0 to 1. */
  readonly usedShare: number;
}

/** What a commitment of this size would have come to on these days. `discount` from 0 to 1, not 1. */
export function committed(listUsd: readonly number[], dailyUsd: number, discount: number): Commitment {
  const coveredList = dailyUsd / (1 - discount);
  const paid = listUsd.map((usd) => dailyUsd + Math.max(0, usd - coveredList));
  const used = listUsd.map((usd) => Math.min(usd, coveredList));
  return {
    dailyUsd,
    savingUsd: sum(listUsd) - sum(paid),
    usedShare: coveredList === 0 ? 0 : sum(used) / (coveredList * listUsd.length),
  };
}

/**
 * The commitment that would have saved most. One more dollar of it pays as long as usage exceeds it on more than a share of 1 − discount of the days:
 * so it covers what usage stays under on a share `discount` of them.
 */
export const bestCommitment = (listUsd: readonly number[], discount: number): Commitment =>
  committed(listUsd, quantile(listUsd, discount) * (1 - discount), discount);
