/** So many identities are remembered at the least, twice that at the most: about 60 MB. */
const REMEMBERED_MIN = 400_000;

/**
 * Counts how often an identity came up in a file, so that two equal rows of one file are two rows, and the same file again is none.
 * Memory is bounded: equal rows further apart than 400,000 others count as one. (Rows of logs are in order of time; equal ones are close.)
 */
export class Occurrences {
  private recent = new Map<string, number>();
  private older = new Map<string, number>();

  constructor(private readonly rememberedMin = REMEMBERED_MIN) {}

  /** 0 for the first occurrence, 1 for the second … */
  next(identity: string): number {
    const count = this.recent.get(identity) ?? this.older.get(identity) ?? 0;
    this.recent.set(identity, count + 1);
    if (this.recent.size >= this.rememberedMin) {
      this.older = this.recent;
      this.recent = new Map();
    }
    return count;
  }
}
