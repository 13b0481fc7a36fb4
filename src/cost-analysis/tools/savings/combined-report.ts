import type { ToolReport } from '../fact.js';
import { idPart } from '../fact-id.js';
import { FactSheet, type Derivation } from '../fact-sheet.js';
import type { CombinedMeasure, Combination, Range } from './combine.js';
import { confidenceOf } from './confidence.js';
import { measureKey, type Measure } from './saving.js';
import { DAYS_A_MONTH } from './worthwhile.js';

/** Yearly and monthly figures from so many days of data up; before, they would be guesses. */
const EXTRAPOLATED_DAYS_MIN = 14;
const DAYS_A_YEAR = 365n;

export interface CombinedSavings {
  readonly combination: Combination;
  readonly spendNano: bigint;
  /** Priced spend of the segments that were looked at. */
  readonly coveredNano: bigint;
  /** That usage covers, without the time between sources that lie apart. */
  readonly days: number;
  readonly last: Date | null;
}

export function combinedReport(scope: string, savings: CombinedSavings): ToolReport {
  const { combination, spendNano, coveredNano, last } = savings;
  const sheet = new FactSheet(scope, last);
  sheet.usd('spend', spendNano, { formula: 'Σ cost in scope', inputs: ['cost_computed', 'cost_reported'] });
  const rows = combination.measures.map((one) => measureRow(sheet, one, spendNano));
  if (rows.length > 0) totals(sheet, savings);
  return sheet.report({
    rows,
    needs: ['model', 'tokens', 'cost'],
    covered: { part: coveredNano, whole: spendNano },
    caveats: [
      'Savings are applied one after the other on what the ones before leave, so that nothing is counted twice.',
      'Within the usage of one model by one feature, each saving is taken to hit what is left evenly.',
      ...(savings.days < EXTRAPOLATED_DAYS_MIN
        ? ['Usage covers fewer than fourteen days: nothing is carried forward to a month or a year.']
        : []),
    ],
  });
}

function measureRow(sheet: FactSheet, combined: CombinedMeasure, spendNano: bigint) {
  const { measure } = combined;
  const path = measureKey(measure)
    .split('.')
    .map((part) => idPart(part))
    .join('.');
  const coverage = sheet.percent(
    `${path}.coverage`,
    { part: measure.coveredNano < spendNano ? measure.coveredNano : spendNano, whole: spendNano },
    { formula: 'spend that has the fields for it ÷ all spend', inputs: [] },
  );
  return {
    kind: measure.kind,
    model: measure.model,
    to_model: measure.toModel,
    features: features(measure),
    confidence: confidenceOf(
      measure.kind,
      measure.savings.some(({ lowNano, highNano }) => lowNano !== highNano),
    ),
    ...amountFacts(sheet, path, combined),
    coverage_fact: coverage ?? null,
    caveats: measure.caveats ?? [],
  };
}

function amountFacts(sheet: FactSheet, path: string, { measure, gross, net, netAtLowNano }: CombinedMeasure) {
  const alone = rangeFacts(sheet, {
    path: `${path}.gross`,
    range: gross,
    formula: 'saving by itself',
    inputs: [measure.kind],
  });
  const formula = 'saving × spend left by earlier savings ÷ spend, for each segment';
  const beside = rangeFacts(sheet, { path: `${path}.net`, range: net, formula, inputs: [alone.low, alone.high] });
  return {
    gross_low_fact: alone.low,
    gross_high_fact: alone.high,
    net_low_fact: beside.low,
    net_high_fact: beside.high,
    net_at_low_fact: sheet.usd(`${path}.net_at_low`, netAtLowNano, {
      formula: `${formula}, all savings at the low end of their range`,
      inputs: [alone.low],
    }),
  };
}

const FEATURES_SHOWN_MAX = 3;

/** The features where most of a saving lies. */
function features({ savings }: Measure): string[] {
  const largest = [...savings]
    .sort((a, b) => (a.highNano < b.highNano ? 1 : -1))
    .filter(({ highNano }) => highNano > 0n);
  return [...new Set(largest.flatMap(({ segment }) => segment.feature ?? []))].slice(0, FEATURES_SHOWN_MAX);
}

const rangeFacts = (sheet: FactSheet, { path, range, ...from }: Derivation & { path: string; range: Range }) => ({
  low: sheet.usd(`${path}_low`, range.lowNano, from),
  high: sheet.usd(`${path}_high`, range.highNano, from),
});

function totals(sheet: FactSheet, { combination, spendNano, days }: CombinedSavings): void {
  const { gross, net, overlap } = combination;
  const all = rangeFacts(sheet, {
    path: 'gross',
    range: gross,
    formula: 'Σ of all savings, each by itself',
    inputs: [],
  });
  const left = rangeFacts(sheet, {
    path: 'net',
    range: net,
    formula: 'Σ of all savings on what the ones before left',
    inputs: [],
  });
  rangeFacts(sheet, { path: 'overlap', range: overlap, formula: 'gross − net', inputs: [all.high, left.high] });
  for (const [bound, part] of [
    ['low', net.lowNano],
    ['high', net.highNano],
  ] as const)
    sheet.percent(`net_${bound}_share`, { part, whole: spendNano }, { formula: 'net ÷ spend', inputs: [left[bound]] });
  if (days < EXTRAPOLATED_DAYS_MIN) return;
  const covered = sheet.days('days', days, {
    formula: 'days that usage covers, gaps of more than a week left out',
    inputs: ['ts_start', 'ts_end'],
  });
  const carried = (nano: bigint, to: bigint): bigint => (nano * to) / BigInt(days);
  for (const [name, length] of [
    ['month', DAYS_A_MONTH],
    ['year', DAYS_A_YEAR],
  ] as const) {
    const over = { lowNano: carried(net.lowNano, length), highNano: carried(net.highNano, length) };
    rangeFacts(sheet, {
      path: `net_${name}`,
      range: over,
      formula: `net ÷ days that usage covers × ${length}`,
      inputs: [left.low, left.high, covered],
    });
  }
}
