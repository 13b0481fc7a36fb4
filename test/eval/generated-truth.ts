import { sampleUsage } from '../../src/cost-analysis/sample/sample-usage.js';
import { listCostUsd, type Tokens } from './list-prices.table.js';

/** A row of the generated usage as its file has it. */
export interface GeneratedRow extends Tokens {
  /** YYYY-MM-DD */
  readonly day: string;
  readonly model: string;
  readonly team: string;
  readonly feature: string;
  readonly requests: number;
  readonly reportedUsd: number;
  readonly costUsd: number;
}

export type Which = (row: GeneratedRow) => boolean;

/** What is true of the generated usage: sums over the lines of its file, at prices that were written down apart. */
export class GeneratedTruth {
  readonly rows: readonly GeneratedRow[];

  constructor() {
    const [header = '', ...lines] = [...sampleUsage()];
    const columns = header.trim().split(',');
    this.rows = lines.map((line) => rowOf(columns, line.trimEnd().split(',')));
  }

  costUsd(which: Which = () => true): number {
    return sum(this.rows.filter(which), ({ costUsd }) => costUsd);
  }

  requests(which: Which = () => true): number {
    return sum(this.rows.filter(which), ({ requests }) => requests);
  }

  /** Input and output together. */
  tokens(which: Which = () => true): number {
    return sum(this.rows.filter(which), ({ input, output }) => input + output);
  }

  /** Days and what they cost, the most expensive first. */
  dearestDays(which: Which = () => true): { readonly day: string; readonly usd: number }[] {
    const days = [...new Set(this.rows.filter(which).map(({ day }) => day))];
    return days
      .map((day) => ({ day, usd: this.costUsd((row) => which(row) && row.day === day) }))
      .sort((a, b) => b.usd - a.usd);
  }

  reportedUsd(which: Which = () => true): number {
    return sum(this.rows.filter(which), ({ reportedUsd }) => reportedUsd);
  }

  /** What the same tokens cost on another model. */
  onModelUsd(model: string, which: Which): number {
    return sum(this.rows.filter(which), (row) => listCostUsd(model, row));
  }

  share(which: Which): number {
    return (100 * this.costUsd(which)) / this.costUsd();
  }
}

function rowOf(columns: readonly string[], cells: readonly string[]): GeneratedRow {
  const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
  const tokens = {
    input: Number(cell('input_tokens')),
    cached: Number(cell('cached_tokens')),
    output: Number(cell('output_tokens')),
  };
  const model = cell('model');
  return {
    ...tokens,
    day: cell('timestamp').slice(0, 10),
    model,
    team: cell('team'),
    feature: cell('feature'),
    requests: Number(cell('requests') || '1'),
    reportedUsd: Number(cell('cost')),
    costUsd: listCostUsd(model, tokens),
  };
}

const sum = (rows: readonly GeneratedRow[], value: (row: GeneratedRow) => number): number =>
  rows.reduce((total, row) => total + value(row), 0);
