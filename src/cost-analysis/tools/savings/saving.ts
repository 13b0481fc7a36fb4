/** The order in which savings are applied: what is never sent can't be cut short, moved, cached or batched. */
export const SAVING_KINDS = [
  'retry',
  'duplicates',
  'deprecated',
  'context',
  'output_cap',
  'substitution',
  'caching',
  'batch',
] as const;
export type SavingKind = (typeof SAVING_KINDS)[number];

/** The smallest unit that savings are computed on: the usage of one model by one feature. */
export interface Segment {
  readonly model: string;
  readonly provider: string | null;
  readonly feature: string | null;
}

/** Usage of a segment at one tier of service: it has its own prices. */
export interface TieredSegment extends Segment {
  readonly isBatch: boolean | null;
  readonly serviceTier: string | null;
  readonly last: Date;
}

/** What a measure would save on one segment by itself, as a range in nano-USD; never more than the segment cost. */
export interface SegmentSaving {
  readonly segment: Segment;
  readonly lowNano: bigint;
  readonly highNano: bigint;
}

/** One thing that can be done, on all segments that it touches. */
export interface Measure {
  readonly kind: SavingKind;
  /** What it is about, as parts of a fact id and as a row shows them. */
  readonly model: string | null;
  readonly toModel: string | null;
  readonly savings: readonly SegmentSaving[];
  /** Spend whose rows have the fields that the computation needs, nano-USD. */
  readonly coveredNano: bigint;
  /** What a reader must know of it that its figures don't say; whole sentences. */
  readonly caveats?: readonly string[];
}

export const segmentKey = ({ model, provider, feature }: Segment): string => JSON.stringify([model, provider, feature]);

export const measureKey = ({ kind, model, toModel }: Pick<Measure, 'kind' | 'model' | 'toModel'>): string =>
  [kind, model, toModel].filter((part) => part !== null).join('.');

/** Segments that are the same but for something, by segmentKey, in the order in which they come. */
export function bySegment<S extends Segment>(segments: readonly S[]): S[][] {
  const groups = new Map<string, S[]>();
  for (const one of segments) {
    const group = groups.get(segmentKey(one));
    if (group === undefined) groups.set(segmentKey(one), [one]);
    else group.push(one);
  }
  return [...groups.values()];
}
