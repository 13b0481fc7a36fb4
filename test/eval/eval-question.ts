/** A figure that an answer has to state. */
export interface ExpectedFact {
  /** What its id has to look like. */
  readonly id: RegExp;
  readonly value: number;
  /** Largest difference, as a share of the value; half a cent is always allowed. */
  readonly tolerance?: number;
}

export interface EvalQuestion {
  readonly asks: string;
  /** Asked before it in the same thread. */
  readonly after?: string;
  readonly facts?: readonly ExpectedFact[];
  readonly says?: readonly RegExp[];
  readonly neverSays?: readonly RegExp[];
  /** Its answer states nothing about the data. */
  readonly hasNoFigures?: true;
}
