import { sampleUsage } from '../../src/cost-analysis/sample/sample-usage.js';
import { listCostUsd, type Tokens } from './list-prices.table.js';

/** A row of the generated usage as its file has it. */
export interface GeneratedRow extends Tokens {
  /** YYYY-MM-DD */
  readonly day: string;
  readonly model: string;
  readonly team: string;
  readonly feature: string;
  readonly reportedUsd: number;
  readonly costUsd: number;
}

type Which = (row: GeneratedRow) => boolean;

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
    reportedUsd: Number(cell('cost')),
    costUsd: listCostUsd(model, tokens),
  };
}

const sum = (rows: readonly GeneratedRow[], value: (row: GeneratedRow) => number): number =>
  rows.reduce((total, row) => total + value(row), 0);
