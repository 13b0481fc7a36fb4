import { UTC } from '../time-zone.js';
import type { BatchWork } from './batch-work.js';

export const BATCH_EVIDENCE = ['named', 'tag', 'night'] as const;
/** Why work may be batched: the user names its feature, a tag says so, or it runs at night, day after day. */
export type BatchEvidence = (typeof BATCH_EVIDENCE)[number];

/** Whose night it is: a zone that is not the company's own can make a working day of it. */
export const nightCaveat = (zone: string = UTC): string =>
  `Night is counted in ${zone === UTC ? UTC : `the time zone ${zone}`}.`;

/** Regular: on so many days, on most days in between, and nearly all of it at night. */
const DAYS_MIN = 5;
const DAYS_SHARE_MIN = 0.8;
const NIGHT_SHARE_MIN = 0.95;

type Seen = Pick<BatchWork, 'feature' | 'taggedNano' | 'days' | 'spanDays' | 'rows' | 'nightRows' | 'timedRows'>;

/** Undefined: nothing says that this work can wait, so it stays as it is. */
export function batchEvidence(work: Seen, namedFeatures: readonly string[]): BatchEvidence | undefined {
  if (work.feature !== null && namedFeatures.includes(work.feature)) return 'named';
  if (work.taggedNano > 0n) return 'tag';
  const isRegular = work.days >= DAYS_MIN && work.days >= DAYS_SHARE_MIN * work.spanDays;
  const isAtNight = work.timedRows === work.rows && work.nightRows >= NIGHT_SHARE_MIN * work.rows;
  return isRegular && isAtNight ? 'night' : undefined;
}
