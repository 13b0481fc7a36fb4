/** A figure of a run as its JSON gives it: a decimal at full precision, percent already times one hundred, dates as YYYY-MM-DD. */
export interface StatedFact {
  readonly id: string;
  readonly value: string;
  readonly unit: string;
  readonly decimals: number;
}

/** What came back to a question: the text a user reads, and the facts behind it. */
export interface Answer {
  readonly text: string;
  readonly status: string;
  /** Those that the stored report cites; where nothing is stored, those of the run's tool results. */
  readonly facts: readonly StatedFact[];
}
