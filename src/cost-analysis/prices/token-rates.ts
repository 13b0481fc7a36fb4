import type { ModelPrice, TieredPrices } from '@pydantic/genai-prices';
import { divideHalfUp, scaledInteger } from './money.js';

/** Prices in the unit of the calculation: femto-USD (10^-15) for a million tokens, so that every listed price is an integer. */
type FemtoUsdPerMillion = bigint;

const FEMTO_DECIMALS = 15;
/** A million tokens × a million femto-USD in a nano-USD. */
const RATE_UNITS_PER_NANO_USD = 10n ** 12n;
/** A fee is listed per 1,000 requests; the rate unit is per million. */
const FEE_TO_RATE = 1000n;

export interface TokenRates {
  readonly input: FemtoUsdPerMillion;
  readonly cacheRead: FemtoUsdPerMillion;
  readonly cacheWrite5m: FemtoUsdPerMillion;
  readonly cacheWrite1h: FemtoUsdPerMillion;
  readonly output: FemtoUsdPerMillion;
  /** Fixed fee of a request × a million, where a model has one. */
  readonly request: FemtoUsdPerMillion;
}

export interface PricedTokens {
  readonly inputUncached: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
}

/** A factor as an exact fraction: 1.8 is 9/5. */
export interface Factor {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const NO_FACTOR: Factor = { numerator: 1n, denominator: 1n };

/** The rates of one model for one period: a base, and dearer rates for calls with more input than a threshold. */
export interface RateCard {
  readonly base: TokenRates;
  /** Ascending; a tier's rates apply to the whole call when its input exceeds `above` tokens. */
  readonly tiers: readonly { readonly above: number; readonly rates: TokenRates }[];
  /** Whether the catalogue lists a price for input and for output tokens. A missing price is unknown, not zero. */
  readonly listsInput: boolean;
  readonly listsOutput: boolean;
}

/** The exact form of the catalogue's prices. `writesCostDoubleFor1h`: Anthropic's rule where no 1-hour price is listed. */
export function rateCard(prices: ModelPrice, writesCostDoubleFor1h: boolean): RateCard {
  const thresholds = new Set<number>();
  for (const price of Object.values(prices)) {
    if (typeof price === 'object') for (const tier of price.tiers) thresholds.add(tier.start);
  }
  const ratesFor = (inputTokens: number) => ratesAt(prices, inputTokens, writesCostDoubleFor1h);
  return {
    base: ratesFor(0),
    tiers: [...thresholds].sort((a, b) => a - b).map((above) => ({ above, rates: ratesFor(above + 1) })),
    listsInput: prices['input_mtok'] !== undefined,
    listsOutput: prices['output_mtok'] !== undefined,
  };
}

/** The cost in nano-USD, rounded once, half up. */
export function costNanoUsd(
  tokens: PricedTokens,
  requests: number,
  { rates, factor }: { rates: TokenRates; factor: Factor },
): bigint {
  const plain = factor === NO_FACTOR ? plainCost(tokens, rates) : undefined;
  if (plain !== undefined) return plain;
  const units =
    BigInt(tokens.inputUncached) * rates.input +
    BigInt(tokens.cacheRead) * rates.cacheRead +
    BigInt(tokens.cacheWrite5m) * rates.cacheWrite5m +
    BigInt(tokens.cacheWrite1h) * rates.cacheWrite1h +
    BigInt(tokens.output) * rates.output;
  // A factor is a discount or premium on tokens; fees for a request stay what they are.
  const total = units * factor.numerator + BigInt(requests) * rates.request * factor.denominator;
  return divideHalfUp(total, RATE_UNITS_PER_NANO_USD * factor.denominator);
}

/** All rates times a factor, rounded down. */
export function multiplied(rates: TokenRates, { numerator, denominator }: Factor): TokenRates {
  const part = (rate: bigint): bigint => (rate * numerator) / denominator;
  return {
    input: part(rates.input),
    cacheRead: part(rates.cacheRead),
    cacheWrite5m: part(rates.cacheWrite5m),
    cacheWrite1h: part(rates.cacheWrite1h),
    output: part(rates.output),
    request: part(rates.request),
  };
}

/** As numbers, in micro-USD for a million tokens; null where one of them is no such integer, or a request has a fee. */
const plainRates = new WeakMap<TokenRates, PlainRates | null>();
type PlainRates = Readonly<Record<keyof PricedTokens, number>>;
const FEMTO_IN_MICRO = 10n ** 9n;
const MICRO_PER_NANO = 1_000;

/** The same in doubles, which are exact as long as all of it is a safe integer; a fifth of the time. Undefined where it is not. */
function plainCost(tokens: PricedTokens, rates: TokenRates): bigint | undefined {
  let plain = plainRates.get(rates);
  if (plain === undefined) plainRates.set(rates, (plain = plainRatesOf(rates)));
  if (plain === null) return undefined;
  const units =
    tokens.inputUncached * plain.inputUncached +
    tokens.cacheRead * plain.cacheRead +
    tokens.cacheWrite5m * plain.cacheWrite5m +
    tokens.cacheWrite1h * plain.cacheWrite1h +
    tokens.output * plain.output;
  if (!(units >= 0 && units <= Number.MAX_SAFE_INTEGER)) return undefined;
  const rest = units % MICRO_PER_NANO;
  return BigInt((units - rest) / MICRO_PER_NANO + (rest * 2 >= MICRO_PER_NANO ? 1 : 0));
}

function plainRatesOf({
  input,
  cacheRead,
  cacheWrite5m,
  cacheWrite1h,
  output,
  request,
}: TokenRates): PlainRates | null {
  const rates = [input, cacheRead, cacheWrite5m, cacheWrite1h, output];
  const arePlain = rates.every(
    (rate) => rate >= 0n && rate % FEMTO_IN_MICRO === 0n && rate / FEMTO_IN_MICRO <= Number.MAX_SAFE_INTEGER,
  );
  if (request !== 0n || !arePlain) return null;
  const micro = (rate: bigint) => Number(rate / FEMTO_IN_MICRO);
  return {
    inputUncached: micro(input),
    cacheRead: micro(cacheRead),
    cacheWrite5m: micro(cacheWrite5m),
    cacheWrite1h: micro(cacheWrite1h),
    output: micro(output),
  };
}

/** Tokens without a price of their own are billed as what they are a part of: a cache read as input, for instance. */
function ratesAt(prices: ModelPrice, inputTokens: number, writesCostDoubleFor1h: boolean): TokenRates {
  const rate = (key: string) => femtoRate(prices[key], inputTokens);
  const input = rate('input_mtok') ?? 0n;
  const cacheWrite = rate('cache_write_mtok') ?? input;
  return {
    input,
    cacheRead: rate('cache_read_mtok') ?? input,
    cacheWrite5m: rate('cache_write_5m_mtok') ?? cacheWrite,
    cacheWrite1h: rate('cache_write_1h_mtok') ?? (writesCostDoubleFor1h ? input * 2n : cacheWrite),
    output: rate('output_mtok') ?? 0n,
    request: (rate('requests_kcount') ?? 0n) * FEE_TO_RATE,
  };
}

function femtoRate(price: number | TieredPrices | undefined, inputTokens: number): bigint | undefined {
  if (price === undefined) return undefined;
  const usd = typeof price === 'number' ? price : tierPrice(price, inputTokens);
  // The shortest text of the double is the price as it was listed; its binary value is not.
  return scaledInteger(String(usd), FEMTO_DECIMALS);
}

function tierPrice(price: TieredPrices, inputTokens: number): number {
  let usd = price.base;
  for (const tier of [...price.tiers].sort((a, b) => a.start - b.start)) if (inputTokens > tier.start) usd = tier.price;
  return usd;
}
