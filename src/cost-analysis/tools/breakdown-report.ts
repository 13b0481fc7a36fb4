import { usdDecimal } from '../prices/money.js';
import { quotient } from './decimal.js';
import type { ToolReport } from './fact.js';
import { idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { paretoCount, untaggedFirst } from './pareto.js';
import { bigintOf, type Dimension } from './usage-scope.js';

/** Sums of one value of one dimension, or of everything; money in nano-USD as numeric text. */
export interface BreakdownRow {
  /** Position in the asked dimensions; null is the total over everything. */
  readonly dimension: number | null;
  /** Null in a dimension: spend without such a tag. */
  readonly name: string | null;
  /** Distinct values of the dimension, "without" among them. */
  readonly entries: number;
  /** Null where no row has a price. */
  readonly spend: string | null;
  readonly input_tokens: string | null;
  readonly output_tokens: string | null;
  readonly requests: string | null;
  readonly last: Date | null;
}

interface Entry {
  readonly name: string | null;
  /** Nothing where there is no price: it adds nothing to the sums. */
  readonly nano: bigint;
  readonly row: BreakdownRow;
}

export function breakdownReport(
  scope: string,
  dimensions: readonly Dimension[],
  rows: readonly BreakdownRow[],
): ToolReport {
  const all = rows.find(({ dimension }) => dimension === null);
  const whole = bigintOf(all?.spend);
  const sheet = new FactSheet(scope, all?.last ?? null);
  addTotals(sheet, all, whole);
  const byDimension = dimensions.map((dimension, index) => ({
    dimension,
    whole,
    entries: rows
      .filter((row) => row.dimension === index)
      .map((row) => ({ name: row.name, nano: bigintOf(row.spend), row })),
  }));
  const untagged = byDimension.map(({ entries }) => entries.find(({ name }) => name === null)?.nano ?? 0n);
  const worst = untagged.reduce((most, nano) => (nano > most ? nano : most), 0n);
  return sheet.report({
    rows: byDimension.flatMap((breakdown) => dimensionRows(sheet, breakdown)),
    needs: dimensions,
    covered: { part: whole - worst, whole },
    caveats: rows.some(isUnpriced)
      ? ['Some of the usage has no known price; it adds tokens, and nothing to spend.']
      : [],
  });
}

/** There is usage, and no row of it has a price: what it cost is not known, which is not nothing. */
const isUnpriced = ({ spend, last }: BreakdownRow): boolean => spend === null && last !== null;

function addTotals(sheet: FactSheet, all: BreakdownRow | undefined, whole: bigint): void {
  const tokens = (kind: 'input' | 'output') =>
    sheet.tokens(`${kind}_tokens`, bigintOf(all?.[`${kind}_tokens`]), {
      formula: `Σ ${kind} tokens`,
      inputs: [`${kind}_total`],
    });
  if (all === undefined || !isUnpriced(all))
    sheet.usd('total', whole, {
      formula: 'Σ cost, recomputed where priced, else as reported',
      inputs: ['cost_computed', 'cost_reported'],
    });
  tokens('input');
  tokens('output');
  if (all === undefined || all.requests === null) return;
  sheet.count('requests', bigintOf(all.requests), { formula: 'Σ requests where known', inputs: ['requests'] });
}

interface DimensionBreakdown {
  readonly dimension: Dimension;
  readonly entries: readonly Entry[];
  readonly whole: bigint;
}

function dimensionRows(sheet: FactSheet, { dimension, entries, whole }: DimensionBreakdown) {
  const named = entries.filter(({ name }) => name !== null);
  const distinct = (entries[0]?.row.entries ?? 0) - (entries.length - named.length);
  sheet.count(`${dimension}.entries`, distinct, { formula: `distinct values of ${dimension}`, inputs: [dimension] });
  const count = paretoCount(named, whole);
  if (count !== undefined) {
    const formula = 'fewest entries that make up four fifths of spend';
    sheet.count(`${dimension}.pareto_count`, count, { formula, inputs: [dimension] });
  }
  let running = 0n;
  return untaggedFirst(entries).map((entry) => {
    running += entry.nano;
    return entryRow(sheet, dimension, { entry, running, whole });
  });
}

interface PlacedEntry {
  readonly entry: Entry;
  /** Cost of this entry and those above it. */
  readonly running: bigint;
  readonly whole: bigint;
}

function entryRow(sheet: FactSheet, dimension: Dimension, placed: PlacedEntry) {
  const { name, row } = placed.entry;
  return {
    dimension,
    name,
    ...(isUnpriced(row) ? NOT_PRICED : costOf(sheet, dimension, placed)),
    input_tokens: row.input_tokens,
    output_tokens: row.output_tokens,
    requests: row.requests,
  };
}

const NOT_PRICED = { cost_usd: null, share: null, running_share: null, cost_fact: null, share_fact: null };

function costOf(sheet: FactSheet, dimension: Dimension, { entry: { name, nano }, running, whole }: PlacedEntry) {
  const path = `${dimension}.${name === null ? '(untagged)' : idPart(name)}`;
  const cost = sheet.usd(`${path}.cost`, nano, {
    formula: `Σ cost where ${dimension} is this value`,
    inputs: [dimension],
  });
  const share = sheet.percent(
    `${path}.share`,
    { part: nano, whole },
    { formula: 'cost ÷ total cost', inputs: [cost, `${sheet.scope}.total`] },
  );
  return {
    cost_usd: usdDecimal(nano),
    share: whole <= 0n ? null : quotient(nano, whole, 6),
    running_share: whole <= 0n ? null : quotient(running, whole, 6),
    cost_fact: cost,
    share_fact: share ?? null,
  };
}
