import type { SavingKind } from './saving.js';

/** How far a saving can be relied on: it is in the data, it is computed from it, or it rests on what nobody has tried yet. */
export const CONFIDENCES = ['measured', 'derived', 'assumption'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

const OF_A_RANGE = {
  retry: 'derived',
  duplicates: 'assumption',
  deprecated: 'assumption',
  context: 'derived',
  output_cap: 'derived',
  substitution: 'assumption',
  caching: 'derived',
  batch: 'assumption',
} as const satisfies Record<SavingKind, Confidence>;

/** A range without width is what the data shows. */
export const confidenceOf = (kind: SavingKind, hasWidth: boolean): Confidence =>
  hasWidth ? OF_A_RANGE[kind] : 'measured';
