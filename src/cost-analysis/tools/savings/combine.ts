import { SAVING_KINDS, segmentKey, type Measure } from './saving.js';

/** A saving by itself and on what the measures before it left, nano-USD. */
export interface CombinedMeasure {
  readonly measure: Measure;
  readonly gross: Range;
  readonly net: Range;
  /** Net where every saving comes to the low end of its range: these add up to the low end of all together, low ends of `net` need not. */
  readonly netAtLowNano: bigint;
}

export interface Range {
  readonly lowNano: bigint;
  readonly highNano: bigint;
}

export interface Combination {
  readonly measures: readonly CombinedMeasure[];
  /** What the savings would come to if they were added up, what they come to together, and the difference. */
  readonly gross: Range;
  readonly net: Range;
  readonly overlap: Range;
}

type Bound = 'lowNano' | 'highNano';
type Amounts = ReadonlyMap<Measure, { readonly gross: bigint; readonly net: bigint }>;

/**
 * Applies measures in the order of SAVING_KINDS, each on what is left of each segment: net = gross × left ÷ spend. Measures hit what is left of a
 * segment evenly. So no saving exceeds spend, and net never exceeds gross. `spend` is by segmentKey, nano-USD.
 */
export function combine(spend: ReadonlyMap<string, bigint>, measures: readonly Measure[]): Combination {
  const ordered = [...measures].sort((a, b) => SAVING_KINDS.indexOf(a.kind) - SAVING_KINDS.indexOf(b.kind));
  const [low, high] = [applied(spend, ordered, 'lowNano'), applied(spend, ordered, 'highNano')];
  const combined = ordered.map((measure) => {
    const [atLow, atHigh] = [low.get(measure) ?? NOTHING, high.get(measure) ?? NOTHING];
    const [gross, net] = [range(atLow.gross, atHigh.gross), range(atLow.net, atHigh.net)];
    return { measure, gross, net, netAtLowNano: atLow.net };
  });
  const [gross, net] = [range(sum(low, 'gross'), sum(high, 'gross')), range(sum(low, 'net'), sum(high, 'net'))];
  const overlap = range(gross.lowNano - net.lowNano, gross.highNano - net.highNano);
  return { measures: combined, gross, net, overlap };
}

const NOTHING = { gross: 0n, net: 0n };

function applied(spend: ReadonlyMap<string, bigint>, ordered: readonly Measure[], bound: Bound): Amounts {
  const left = new Map(spend);
  return new Map(
    ordered.map((measure) => {
      const amounts = { gross: 0n, net: 0n };
      for (const saving of measure.savings) {
        const key = segmentKey(saving.segment);
        const [whole, rest] = [spend.get(key) ?? 0n, left.get(key) ?? 0n];
        const gross = between(saving[bound], whole);
        if (gross === 0n) continue;
        const net = (gross * rest) / whole;
        left.set(key, rest - net);
        amounts.gross += gross;
        amounts.net += net;
      }
      return [measure, amounts] as const;
    }),
  );
}

const between = (value: bigint, most: bigint): bigint => (value <= 0n ? 0n : value > most ? most : value);

/** A measure that comes late has less left to work on where those before it save more: its net range may run the other way. */
const range = (a: bigint, b: bigint): Range => ({ lowNano: a < b ? a : b, highNano: a < b ? b : a });

const sum = (amounts: Amounts, part: 'gross' | 'net'): bigint =>
  [...amounts.values()].reduce((total, one) => total + one[part], 0n);
