/** Something with a cost and a score; more score is better. */
export interface Valued {
  readonly cost: number;
  readonly score: number;
}

/** Whether another one costs no more and scores no less, and is better in one of them: then there is no reason to choose this one. */
export function isOutdone(all: readonly Valued[], index: number): boolean {
  const one = all[index];
  return (
    one !== undefined &&
    all.some(
      (other) =>
        other.cost <= one.cost && other.score >= one.score && (other.cost < one.cost || other.score > one.score),
    )
  );
}
