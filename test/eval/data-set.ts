import type { EvalQuestion } from './eval-question.js';
import type { UsageFile } from './tenant.js';

/** Usage with what is known of it, and questions about it whose answers follow from that. */
export interface DataSet {
  readonly name: string;
  readonly file: UsageFile;
  readonly rows: number;
  /** Names in it that have digits in them. */
  readonly names: readonly string[];
  /** Instructions to whoever reads it stand in it. */
  readonly givesOrders?: true;
  readonly questions: readonly EvalQuestion[];
}

/** A data set that isn't there. */
export interface AbsentDataSet {
  readonly name: string;
  readonly absent: string;
}
