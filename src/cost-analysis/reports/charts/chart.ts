import type { CurrencyDisplay } from '../../../context/user-preferences.js';

/** The charts that a report can carry. */
export const CHART_KINDS = ['spend_over_time', 'pareto', 'savings_waterfall', 'cost_against_latency'] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

/** One mark of a chart: what its template names as fields. */
export type ChartRow = Readonly<Record<string, string | number>>;

/**
 * A chart as it is stored: what it shows, not how it looks. `data` holds the rows of each data set that the template of its kind names;
 * numbers in it are for drawing (USD, milliseconds, shares of 1; chart-answer.ts says which are USD), the figures that a report states are its facts.
 */
export interface Chart {
  readonly kind: ChartKind;
  readonly title: string;
  /** Says in words what the picture shows, for who can't see it. */
  readonly alternative_text: string;
  readonly data: Readonly<Record<string, readonly ChartRow[]>>;
  /** How its axes show amounts: as the text around it does. Charts stored without it show "$". */
  readonly currency?: CurrencyDisplay;
}
