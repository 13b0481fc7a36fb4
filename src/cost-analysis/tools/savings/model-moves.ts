import type { PriceBook } from '../../prices/price-book.js';
import { substitute, worthTesting, type Substitution, type TokenSegment } from '../substitution.js';

const CANDIDATES_MAX = 4;

/** Segments by model, in the order in which the models come. */
export function byModel<S extends { readonly model: string }>(segments: readonly S[]): Map<string, S[]> {
  const groups = new Map<string, S[]>();
  for (const one of segments) {
    const group = groups.get(one.model);
    if (group === undefined) groups.set(one.model, [one]);
    else group.push(one);
  }
  return groups;
}

/** What one model's usage would have cost elsewhere: on the model that is asked for, or on cheaper ones of the price list. */
export function substitutions(
  segments: readonly TokenSegment[],
  prices: PriceBook,
  wanted: string | undefined,
): Substitution[] {
  const [first] = segments;
  if (first === undefined) return [];
  const named = wanted === undefined ? undefined : prices.describeModel(wanted, first.last);
  const candidates =
    wanted === undefined ? prices.cheaperCandidates(first.model, first.last, first.provider ?? undefined) : [];
  return [...(named === undefined || named.modelId === first.model ? [] : [named]), ...candidates]
    .map((candidate) => substitute(segments, candidate, prices))
    .filter((result) => result !== undefined)
    .slice(0, CANDIDATES_MAX);
}

/** The move to test from a model in use; undefined when no model is cheaper and fits. */
export const moveToTest = (segments: readonly TokenSegment[], prices: PriceBook): Substitution | undefined =>
  worthTesting(substitutions(segments, prices, undefined));
