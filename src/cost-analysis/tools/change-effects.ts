/** What one segment (a model in a feature, say) used in one period; money in nano-USD. */
export interface PeriodUse {
  readonly costNano: bigint;
  readonly tokens: number;
  /** Null where a row does not say. */
  readonly requests: number | null;
}

export interface ChangedSegment {
  readonly before: PeriodUse;
  readonly after: PeriodUse;
}

/** How much of a change in spend is due to what, nano-USD; the parts add up to the change. */
export interface ChangeEffects {
  /** What volume is counted in: requests, or tokens where a row does not count its requests. */
  readonly basis: 'requests' | 'tokens';
  readonly volume: bigint;
  readonly mix: bigint;
  /** Zero when volume is counted in tokens. */
  readonly tokensPerRequest: bigint;
  readonly price: bigint;
  /** Cost without tokens, which no factor explains. */
  readonly other: bigint;
}

const FACTORS = ['volume', 'mix', 'tokensPerRequest', 'price'] as const;

/**
 * Spend = volume × Σ share × tokens per request × price per token, over segments. Each factor gets its Shapley value: its mean effect over all orders
 * in which the factors could have changed. So no order is preferred and nothing is left over.
 */
export function changeEffects(segments: readonly ChangedSegment[]): ChangeEffects {
  const measurable = segments.filter((one) => isMeasurable(one.before) && isMeasurable(one.after));
  const basis = measurable.every((one) => hasRequests(one.before) && hasRequests(one.after)) ? 'requests' : 'tokens';
  const model = spendModel(measurable, basis);
  const [volume = 0n, mix = 0n, tokensPerRequest = 0n, price = 0n] = exact(
    FACTORS.map((_, factor) => shapley(model, factor)),
    change(measurable),
  );
  return { basis, volume, mix, tokensPerRequest, price, other: change(segments) - change(measurable) };
}

export const change = (segments: readonly ChangedSegment[]): bigint =>
  segments.reduce((total, { before, after }) => total + after.costNano - before.costNano, 0n);

const isMeasurable = ({ costNano, tokens }: PeriodUse): boolean => tokens > 0 || costNano === 0n;
const hasRequests = ({ requests, tokens }: PeriodUse): boolean => tokens === 0 || (requests !== null && requests > 0);

/** Spend in nano-USD when the factors whose bit is set in `changed` have their later value. */
type SpendModel = (changed: number) => number;

interface Factors {
  readonly volume: number;
  /** By segment; what does not occur in a period has the values of the other one, so that its coming or going is a matter of mix. */
  readonly shares: readonly number[];
  readonly tokensPerRequest: readonly number[];
  readonly price: readonly number[];
}

function spendModel(segments: readonly ChangedSegment[], basis: 'requests' | 'tokens'): SpendModel {
  const size = ({ requests, tokens }: PeriodUse): number =>
    basis === 'requests' && tokens > 0 ? (requests ?? 0) : tokens;
  const factorsOf = (period: 'before' | 'after'): Factors => {
    const volume = segments.reduce((total, one) => total + size(one[period]), 0);
    const usual = segments.map((one) =>
      one[period].tokens > 0 ? one[period] : one[period === 'before' ? 'after' : 'before'],
    );
    const other = segments.map((one) => one[period === 'before' ? 'after' : 'before']);
    const otherVolume = other.reduce((total, one) => total + size(one), 0);
    return {
      volume,
      shares: segments.map((one, at) =>
        volume > 0 ? size(one[period]) / volume : ratio(size(other[at] ?? one[period]), otherVolume),
      ),
      tokensPerRequest: usual.map((one) => ratio(one.tokens, size(one))),
      price: usual.map((one) => ratio(Number(one.costNano), one.tokens)),
    };
  };
  const periods = [factorsOf('before'), factorsOf('after')] as const;
  return (changed) => {
    const at = (factor: number): Factors => (changed & (1 << factor) ? periods[1] : periods[0]);
    const [shares, tokens, price] = [at(1).shares, at(2).tokensPerRequest, at(3).price];
    return (
      at(0).volume * shares.reduce((sum, share, index) => sum + share * (tokens[index] ?? 0) * (price[index] ?? 0), 0)
    );
  };
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/** |S|! (n − |S| − 1)! / n! for four factors, by the size of S. */
const WEIGHTS = [1 / 4, 1 / 12, 1 / 12, 1 / 4] as const;

function shapley(model: SpendModel, factor: number): number {
  const bit = 1 << factor;
  let value = 0;
  for (let set = 0; set < 1 << FACTORS.length; set++) {
    if (set & bit) continue;
    const size = FACTORS.filter((_, at) => set & (1 << at)).length;
    value += (WEIGHTS[size] ?? 0) * (model(set | bit) - model(set));
  }
  return value;
}

/** Rounded to whole nano-USD; what rounding leaves goes to the largest, so that the parts add up. */
function exact(values: readonly number[], whole: bigint): bigint[] {
  const parts = values.map((value) => BigInt(Math.round(value)));
  const rest = whole - parts.reduce((total, part) => total + part, 0n);
  const largest = values.reduce((best, value, at) => (Math.abs(value) > Math.abs(values[best] ?? 0) ? at : best), 0);
  return parts.map((part, at) => (at === largest ? part + rest : part));
}
