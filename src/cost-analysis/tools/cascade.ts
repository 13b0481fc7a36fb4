/** Costs of the same usage on two models, in nano-USD, and what checking an answer of the cheap one costs in percent of it. */
export interface Cascade {
  readonly cheapNano: bigint;
  readonly strongNano: bigint;
  readonly checkPercent: number;
}

const HUNDRED = 100n;

/**
 * The share of calls, in millionths, that may be passed on to the strong model before asking the cheap one first no longer pays:
 * e* = 1 − (1 + v) · C_cheap ÷ C_strong. Zero or less: it never pays. The strong model must cost something.
 */
export const breakEvenMillionths = ({ cheapNano, strongNano, checkPercent }: Cascade): bigint =>
  1_000_000n - ((HUNDRED + BigInt(checkPercent)) * cheapNano * 10_000n) / strongNano;

/** What is saved when so many percent are passed on: C_strong − (1 + v) · C_cheap − e · C_strong. Negative: it costs more. */
export const cascadeSaving = ({ cheapNano, strongNano, checkPercent }: Cascade, escalatedPercent: number): bigint =>
  (strongNano * (HUNDRED - BigInt(escalatedPercent)) - cheapNano * (HUNDRED + BigInt(checkPercent))) / HUNDRED;
