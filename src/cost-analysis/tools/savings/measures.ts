import type { PriceBook } from '../../prices/price-book.js';
import { adopted, substitute, type TokenSegment } from '../substitution.js';
import { batchEvidence, nightCaveat } from './batch-evidence.js';
import type { BatchWork } from './batch-work.js';
import type { CacheReuse } from './cache-reuse.js';
import { cachedSegments, cacheRange } from './caching.js';
import type { Duplicates } from './duplicates.js';
import { byModel, moveToTest } from './model-moves.js';
import { pricedExcess } from './priced-excess.js';
import type { Retries } from './retries.js';
import type { Measure, SavingKind, Segment, SegmentSaving } from './saving.js';
import type { Excess } from './token-excess.js';

/** How much of a thing can be had, in percent: nobody avoids every retry, and not all traffic can move to another model. */
export const SHARES = {
  retry: { low: 50, high: 100 },
  move: { low: 30, high: 80 },
  batch: { low: 50, high: 100 },
} as const;

const segmentOf = ({ model, provider, feature }: Segment): Segment => ({ model, provider, feature });

const share = (segment: Segment, nano: bigint, { low, high }: { low: number; high: number }): SegmentSaving => ({
  segment: segmentOf(segment),
  lowNano: adopted(nano, low),
  highNano: adopted(nano, high),
});

const covered = (segments: readonly { readonly costNano: bigint }[]): bigint =>
  segments.reduce((total, { costNano }) => total + costNano, 0n);

/** All waste is one thing to do, wherever it arises; `coveredNano` is all priced spend, since every row has a status. */
export const retryMeasure = (retries: readonly Retries[], coveredNano: bigint): Measure => ({
  kind: 'retry',
  model: null,
  toModel: null,
  savings: retries.map((one) => share(one, one.costNano, SHARES.retry)),
  coveredNano,
});

export const duplicatesMeasure = (found: readonly Duplicates[]): Measure => ({
  kind: 'duplicates',
  model: null,
  toModel: null,
  savings: found.map((one) => ({ segment: segmentOf(one), lowNano: one.certainNano, highNano: one.repeatedNano })),
  coveredNano: found.reduce((total, { hashedNano }) => total + hashedNano, 0n),
});

/** Limits at the ninety-ninth (low) and ninety-fifth percentile (high), for each model. */
export const excessMeasures = (
  segments: readonly Excess[],
  { prices, side }: { prices: PriceBook; side: 'input' | 'output' },
): Measure[] =>
  [...byModel(pricedExcess(segments, { prices, side }))].map(([model, own]) => ({
    kind: side === 'input' ? 'context' : 'output_cap',
    model,
    toModel: null,
    savings: own.map(({ lowNano, highNano, ...one }) => ({ segment: segmentOf(one), lowNano, highNano })),
    coveredNano: covered(own),
  }));

const CONTEXT_NOT_KNOWN = 'Whether the longest inputs fit into its context window is not known.';

/** Each model in use on the model to test in its place; a model that is on its way out has to move anyway, and comes earlier. */
export const moveMeasures = (segments: readonly TokenSegment[], prices: PriceBook): Measure[] =>
  [...byModel(segments)].flatMap(([model, own]): Measure[] => {
    const [first] = own;
    const move = moveToTest(own, prices);
    if (first === undefined || move === undefined) return [];
    const { to, fits } = move;
    const deprecated = prices.describeModel(model, first.last, first.provider ?? undefined)?.deprecated === true;
    const kind: SavingKind = deprecated ? 'deprecated' : 'substitution';
    const savings = own.flatMap((one) => {
      const moved = substitute([one], to, prices);
      return moved === undefined ? [] : [share(one, moved.savingNano, SHARES.move)];
    });
    const caveats = fits === null ? [CONTEXT_NOT_KNOWN] : [];
    return [{ kind, model, toModel: to.modelId, savings, coveredNano: covered(own), caveats }];
  });

export const cachingMeasures = (reuse: readonly CacheReuse[], prices: PriceBook): Measure[] =>
  [...byModel(reuse)].map(([model, own]) => ({
    kind: 'caching',
    model,
    toModel: null,
    savings: cachedSegments(own, prices).map((one) => ({ segment: segmentOf(one), ...cacheRange(one) })),
    coveredNano: covered(own),
  }));

export interface BatchPricing {
  readonly prices: PriceBook;
  /** Features that the user says can wait. */
  readonly namedFeatures: readonly string[];
}

export const batchMeasures = (
  work: readonly BatchWork[],
  { prices, namedFeatures, zone }: BatchPricing & { readonly zone: string | undefined },
): Measure[] =>
  [...byModel(work.filter((one) => batchEvidence(one, namedFeatures) !== undefined))].map(([model, own]) => ({
    kind: 'batch',
    model,
    toModel: null,
    savings: own.map((one) => share(one, batchSaving(one, { prices, namedFeatures }), SHARES.batch)),
    coveredNano: covered(own),
    caveats: own.some((one) => batchEvidence(one, namedFeatures) === 'night') ? [nightCaveat(zone)] : [],
  }));

/** What the work would cost less as batches; nothing where the provider has no batch price. With a tag only the tagged part counts. */
export function batchSaving(work: BatchWork, { prices, namedFeatures }: BatchPricing): bigint {
  const usage = {
    ...work,
    modelRaw: work.model,
    provider: work.provider ?? undefined,
    at: work.last,
    rowKind: 'bucket',
  } as const;
  const [now, batched] = [prices.price(usage), prices.price({ ...usage, isBatch: true })];
  if (now.costNanoUsd === undefined || batched.costNanoUsd === undefined || now.costNanoUsd === 0n) return 0n;
  const eligible = batchEvidence(work, namedFeatures) === 'tag' ? work.taggedNano : work.costNano;
  return (eligible * (now.costNanoUsd - batched.costNanoUsd)) / now.costNanoUsd;
}
