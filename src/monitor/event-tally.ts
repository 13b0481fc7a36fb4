import { CRITICAL_EVENTS } from '@goldenpath/protocol';

/** What is counted by type: the five critical events, and all others together. */
export const TALLIED_TYPES = [...CRITICAL_EVENTS, 'other'] as const;
export type TalliedType = (typeof TALLIED_TYPES)[number];

const INDEX = new Map<string, number>(TALLIED_TYPES.map((type, index) => [type, index]));
const OTHER = TALLIED_TYPES.length - 1;

/** Where a type of event stands in a tally. */
export const tallyIndex = (type: string): number => INDEX.get(type) ?? OTHER;

/** A count for each type: plain numbers, because every event that is stored and sent passes here. */
export class EventTally {
  private readonly counts = new Float64Array(TALLIED_TYPES.length);

  add(index: number, count = 1): void {
    this.counts[index] = (this.counts[index] ?? 0) + count;
  }

  count(type: TalliedType): number {
    return this.counts[tallyIndex(type)] ?? 0;
  }

  /** Moves everything to another tally. */
  moveTo(other: EventTally): void {
    for (let index = 0; index < this.counts.length; index += 1) {
      const count = this.counts[index] ?? 0;
      if (count > 0) other.add(index, count);
    }
    this.counts.fill(0);
  }
}
