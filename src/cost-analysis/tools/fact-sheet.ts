import type { JsonObject } from '../../context/json.js';
import { usdDecimal } from '../prices/money.js';
import { least, quotient } from './decimal.js';
import type { Fact, FactUnit, ToolReport } from './fact.js';

/** Where a fact comes from: its formula in words, and the fields or facts that go into it. */
export interface Derivation {
  readonly formula: string;
  readonly inputs: readonly string[];
}

const RATIO_DECIMALS = 6;

/** Collects the facts of one tool call. Each method answers the id of the fact it added; ids are unique in the sheet. */
export class FactSheet {
  private readonly facts = new Map<string, Fact>();

  /** `asOf`: the newest datum behind these facts, null when there is none. */
  constructor(
    readonly scope: string,
    private readonly asOf: Date | string | null,
  ) {}

  usd(path: string, nano: bigint, from: Derivation): string {
    return this.add(path, { value: usdDecimal(nano), unit: 'usd', decimals: 2 }, from);
  }

  /** A unit price as price lists write it: to the cent, and to the last digit that it has beyond. */
  unitPrice(path: string, nano: bigint, from: Derivation): string {
    const value = usdDecimal(nano);
    const decimals = Math.max(2, value.replace(/0+$/, '').split('.')[1]?.length ?? 0);
    return this.add(path, { value, unit: 'usd', decimals }, from);
  }

  /** An amount of which cents say too little: the cost of one call. */
  smallUsd(path: string, nano: bigint, from: Derivation): string {
    return this.add(path, { value: usdDecimal(nano), unit: 'usd', decimals: smallDecimals(nano) }, from);
  }

  milliseconds(path: string, milliseconds: number, from: Derivation): string {
    return this.add(path, { value: milliseconds.toString(), unit: 'milliseconds', decimals: 0 }, from);
  }

  tokens(path: string, tokens: bigint, from: Derivation): string {
    return this.add(path, { value: tokens.toString(), unit: 'tokens', decimals: 0 }, from);
  }

  count(path: string, count: bigint | number, from: Derivation): string {
    return this.add(path, { value: count.toString(), unit: 'count', decimals: 0 }, from);
  }

  days(path: string, days: number, from: Derivation): string {
    return this.add(path, { value: days.toString(), unit: 'days', decimals: 0 }, from);
  }

  /** part / whole in percent; a whole of zero, or of more credits than costs, gives no fact and answers undefined. */
  percent(path: string, share: { part: bigint; whole: bigint }, from: Derivation): string | undefined {
    if (share.whole <= 0n) return undefined;
    const value = quotient(100n * share.part, share.whole, RATIO_DECIMALS);
    return this.add(path, { value, unit: 'percent', decimals: 1 }, from);
  }

  /** A percentage that comes from statistics rather than from sums. */
  estimatedPercent(path: string, percent: number, from: Derivation): string {
    return this.add(path, { value: percent.toFixed(RATIO_DECIMALS), unit: 'percent', decimals: 1 }, from);
  }

  /** A calendar day, `YYYY-MM-DD`. */
  date(path: string, day: string, from: Derivation): string {
    return this.add(path, { value: day, unit: 'date', decimals: 0 }, from);
  }

  /** A moment; shown as the time of day (UTC). */
  time(path: string, moment: Date, from: Derivation): string {
    return this.add(path, { value: moment.toISOString(), unit: 'time', decimals: 0 }, from);
  }

  report(rest: {
    rows: readonly JsonObject[];
    needs: readonly string[];
    covered: Share;
    caveats: readonly string[];
  }): ToolReport {
    const { part, whole } = rest.covered;
    return {
      scope: this.scope,
      facts: [...this.facts.values()],
      rows: rest.rows,
      coverage: { ratio: whole <= 0n ? null : quotient(within(part, whole), whole, RATIO_DECIMALS), needs: rest.needs },
      caveats: rest.caveats,
    };
  }

  /** The report of a tool that finds savings: which part of spend they were looked for in is a fact that a report can cite. */
  savingReport(rest: Parameters<FactSheet['report']>[0]): ToolReport {
    const { part, whole } = rest.covered;
    const formula = 'spend that has the needed fields ÷ all spend';
    this.percent('coverage', { part: within(part, whole), whole }, { formula, inputs: rest.needs });
    return this.report(rest);
  }

  private add(path: string, shown: { value: string; unit: FactUnit; decimals: number }, from: Derivation): string {
    const id = this.freeId(`${this.scope}.${path}`);
    const asOf = this.asOf instanceof Date ? this.asOf.toISOString() : this.asOf;
    this.facts.set(id, { id, ...shown, formula: from.formula, inputs: from.inputs, as_of: asOf });
    return id;
  }

  private freeId(wanted: string): string {
    let id = wanted;
    for (let n = 2; this.facts.has(id); n++) id = `${wanted}~${n}`;
    return id;
  }
}

const [NANO_CENT, NANO_USD] = [10_000_000n, 1_000_000_000n];

/** Dollars have cents; what is less shows at least three digits down to a ten-thousandth. */
const smallDecimals = (nano: bigint): number => (nano >= NANO_USD ? 2 : nano >= NANO_CENT ? 4 : 6);

/** Credits on one side can make a part of spend larger than all of it, or less than nothing. */
const within = (part: bigint, whole: bigint): bigint => (part < 0n ? 0n : least(part, whole));

/** Spend (or rows) that has something, out of all of it. */
export interface Share {
  readonly part: bigint;
  readonly whole: bigint;
}
