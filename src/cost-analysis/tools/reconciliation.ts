import { usdDecimal } from '../prices/money.js';
import { billRows, type BilledProvider } from './bill-comparison.js';
import type { ToolReport } from './fact.js';
import { idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { sourceName, type ImportedSource } from './source-name.js';
import { unsplitRow, type UnsplitBills } from './unsplit-bills.js';
import { bigintOf } from './usage-scope.js';

/** Sums over all rows, one import or one model; money in nano-USD as numeric text. */
export interface ReconciledRow extends ImportedSource {
  readonly level: 'all' | 'source' | 'model';
  readonly model: string | null;
  readonly rows: string;
  readonly spend: string | null;
  readonly reported: string | null;
  readonly reported_both: string | null;
  readonly computed_both: string | null;
  readonly unpriced_rows: string;
  readonly unpriced_reported: string | null;
  readonly unknown_tokens: string | null;
  readonly approximated_rows: string;
  readonly first: Date | null;
  readonly last: Date | null;
}

/** The reconciliation of reported and recomputed cost, and of bills and usage. `pricesAsOf`: day of the price list, YYYY-MM-DD. */
export function reconciliation(scope: string, found: Reconciled, pricesAsOf: string): ToolReport {
  const { rows, bills, unsplit } = found;
  const all = rows.find(({ level }) => level === 'all');
  const sheet = new FactSheet(scope, all?.last ?? null);
  const spend = bigintOf(all?.spend);
  if (all === undefined || all.spend !== null || all.rows === '0')
    sheet.usd('spend', spend, {
      formula: 'Σ cost, recomputed where priced, else as reported',
      inputs: ['cost_computed', 'cost_reported'],
    });
  sheet.date('prices_as_of', pricesAsOf, { formula: 'date of the price list', inputs: [] });
  if (all !== undefined) addTotals(sheet, all);
  return sheet.report({
    rows: [
      ...rows.filter(({ level }) => level === 'source').map((row) => sourceRow(sheet, row)),
      ...modelRows(sheet, rows),
      ...billRows(sheet, bills),
      ...(unsplit === undefined ? [] : [unsplitRow(unsplit)]),
    ],
    needs: ['reported cost', 'recomputed cost'],
    covered: { part: bigintOf(all?.computed_both), whole: spend },
    caveats: [...caveats(all, found), ...billCaveats(bills)],
  });
}

interface Reconciled {
  readonly rows: readonly ReconciledRow[];
  readonly bills: readonly BilledProvider[];
  readonly unsplit?: UnsplitBills | undefined;
}

/** Where there is usage, it is the spend, and the bill is not added to it. */
const billCaveats = (bills: readonly BilledProvider[]): string[] =>
  bills.some(({ used }) => used !== null)
    ? ['On days with both a bill and usage of a provider, the usage counts as the spend; the bill is compared with it.']
    : [];

function addTotals(sheet: FactSheet, all: ReconciledRow): void {
  sheet.count('unpriced_rows', bigintOf(all.unpriced_rows), {
    formula: 'rows without a known list price',
    inputs: ['model', 'tokens'],
  });
  if (all.unpriced_rows !== '0') {
    if (all.unpriced_reported !== null)
      sheet.usd('unpriced_reported', BigInt(all.unpriced_reported), {
        formula: 'Σ reported cost of unpriced rows',
        inputs: ['cost_reported'],
      });
    sheet.tokens('unknown_tokens', bigintOf(all.unknown_tokens), {
      formula: 'Σ tokens of rows with neither price nor reported cost',
      inputs: ['tokens'],
    });
  }
  if (all.approximated_rows !== '0') {
    sheet.count('approximated_rows', bigintOf(all.approximated_rows), {
      formula: 'rows priced at an approximated tier',
      inputs: ['price_status'],
    });
  }
  if (all.reported !== null)
    sheet.usd('reported', bigintOf(all.reported), { formula: 'Σ reported cost', inputs: ['cost_reported'] });
  addGap(sheet, '', all);
}

/** The facts reported_comparable, recomputed, gap and gap_percent; undefined where no row has both costs. */
function addGap(sheet: FactSheet, prefix: string, row: ReconciledRow): string | undefined {
  if (row.reported_both === null || row.computed_both === null) return undefined;
  const [reported, computed] = [bigintOf(row.reported_both), bigintOf(row.computed_both)];
  const both = 'over rows that have both costs';
  const from = sheet.usd(`${prefix}reported_comparable`, reported, {
    formula: `Σ reported cost ${both}`,
    inputs: ['cost_reported'],
  });
  const to = sheet.usd(`${prefix}recomputed`, computed, {
    formula: `Σ recomputed cost ${both}`,
    inputs: ['cost_computed'],
  });
  const gap = sheet.usd(`${prefix}gap`, reported - computed, { formula: 'reported − recomputed', inputs: [from, to] });
  sheet.percent(
    `${prefix}gap_percent`,
    { part: reported - computed, whole: computed },
    { formula: 'gap ÷ recomputed', inputs: [gap, to] },
  );
  return gap;
}

function sourceRow(sheet: FactSheet, row: ReconciledRow) {
  const name = sourceName(row);
  const addCost = (nano: bigint): string =>
    sheet.usd(`source.${idPart(name)}.cost`, nano, {
      formula: 'Σ cost of the rows of this import',
      inputs: ['cost_computed', 'cost_reported'],
    });
  const count = sheet.count(`source.${idPart(name)}.rows`, bigintOf(row.rows), {
    formula: 'rows of this import',
    inputs: [],
  });
  return {
    kind: 'source',
    name,
    format: row.format,
    synthetic: row.synthetic,
    price_as: row.price_as,
    // Null: no row of the import has a cost, which is not the same as none spent.
    priced: row.spend !== null,
    cost_usd: row.spend === null ? null : usdDecimal(BigInt(row.spend)),
    rows: row.rows,
    from: row.first?.toISOString() ?? null,
    to: row.last?.toISOString() ?? null,
    cost_fact: row.spend === null ? null : addCost(BigInt(row.spend)),
    rows_fact: count,
  };
}

/** The models with the largest gaps; those without one are left out. */
function modelRows(sheet: FactSheet, rows: readonly ReconciledRow[]) {
  return rows.flatMap((row) => {
    if (row.level !== 'model' || row.reported_both === row.computed_both) return [];
    const name = row.model ?? 'no model';
    const gap = addGap(sheet, `model.${idPart(name)}.`, row);
    return gap === undefined
      ? []
      : [
          {
            kind: 'model',
            name,
            reported_usd: usdDecimal(bigintOf(row.reported_both)),
            recomputed_usd: usdDecimal(bigintOf(row.computed_both)),
            gap_fact: gap,
          },
        ];
  });
}

function caveats(all: ReconciledRow | undefined, { bills, unsplit }: Reconciled): string[] {
  if (all === undefined || all.rows === '0') return ['There is no usage data to reconcile.'];
  return [
    ...(unsplit === undefined
      ? []
      : ['There is a bill, but it is not split by what the question is limited to, so nothing of it can be compared.']),
    ...(all.reported === null && bills.length === 0 && unsplit === undefined
      ? ['The sources carry no reported cost, so there is nothing to compare the recomputed cost with.']
      : []),
    ...(all.unpriced_rows === '0'
      ? []
      : ['Some rows have no known list price; they count at their reported cost, or not at all where there is none.']),
    ...(all.approximated_rows === '0' ? [] : ['Some rows were priced at an approximated tier.']),
  ];
}
