import { scaledInteger } from './money.js';
import { OVERRIDDEN_RATES, UNLISTED_PROVIDER } from './price-override.js';
import type { PriceOverride } from './price-override.js';
import type { Factor, RateCard, TokenRates } from './token-rates.js';

const FEMTO_DECIMALS = 15;
const PERCENT_DECIMALS = 4;
const NO_RATES: TokenRates = { input: 0n, cacheRead: 0n, cacheWrite5m: 0n, cacheWrite1h: 0n, output: 0n, request: 0n };

/** The rates of one model as a tenant pays them. */
export interface OwnCard {
  readonly card: RateCard;
  /** Shown with a price, e.g. "own prices of 2026-01-01". */
  readonly version: string;
}

/** Looks up the prices that a tenant negotiated. */
export class OwnPrices {
  private readonly byModel = new Map<string, PriceOverride[]>();

  constructor(overrides: readonly PriceOverride[]) {
    for (const override of [...overrides].sort((a, b) => a.validFrom.getTime() - b.validFrom.getTime())) {
      const key = keyOf(override.provider, override.modelId);
      this.byModel.set(key, [...(this.byModel.get(key) ?? []), override]);
    }
  }

  /** The card of a model of the catalogue at that time; undefined where the list price holds. */
  ofListed(model: { provider: string; modelId: string }, at: Date, listed: RateCard): OwnCard | undefined {
    return cardOf(this.at(keyOf(model.provider, model.modelId), at), listed);
  }

  /** The card of a model that the catalogue doesn't know. */
  ofUnlisted(modelRaw: string, at: Date): OwnCard | undefined {
    return cardOf(this.at(keyOf(UNLISTED_PROVIDER, modelRaw), at), undefined);
  }

  private at(key: string, at: Date): PriceOverride | undefined {
    return this.byModel.get(key)?.findLast(({ validFrom }) => validFrom <= at);
  }
}

const keyOf = (provider: string, modelId: string): string => `${provider}\n${modelId.trim().toLowerCase()}`;

/** A rate that was negotiated holds for calls of any length: it replaces the tiers of the list. */
function cardOf(override: PriceOverride | undefined, listed: RateCard | undefined): OwnCard | undefined {
  if (override === undefined) return undefined;
  const own = OVERRIDDEN_RATES.some((rate) => override.usdPerMillion[rate] !== undefined);
  const discount = factorOf(override.discountPercent);
  const reduced = (rates: TokenRates) => withOwn(discounted(rates, discount), override);
  const base = reduced(listed?.base ?? NO_RATES);
  const { input, output } = override.usdPerMillion;
  return {
    card: {
      base,
      tiers: own ? [] : (listed?.tiers.map(({ above, rates }) => ({ above, rates: reduced(rates) })) ?? []),
      listsInput: input !== undefined || listed?.listsInput === true,
      listsOutput: output !== undefined || listed?.listsOutput === true,
    },
    version: `own prices of ${override.validFrom.toISOString().slice(0, 10)}`,
  };
}

/** Cache rates that are not given follow the input rate that is: a list price beside a negotiated one would be neither's. */
function withOwn(rates: TokenRates, { usdPerMillion }: PriceOverride): TokenRates {
  const own = (text: string | undefined) => (text === undefined ? undefined : scaledInteger(text, FEMTO_DECIMALS));
  const input = own(usdPerMillion.input);
  const scaled = (rate: bigint) =>
    input === undefined || rates.input === 0n ? (input ?? rate) : (rate * input) / rates.input;
  return {
    input: input ?? rates.input,
    cacheRead: own(usdPerMillion.cacheRead) ?? scaled(rates.cacheRead),
    cacheWrite5m: own(usdPerMillion.cacheWrite5m) ?? scaled(rates.cacheWrite5m),
    cacheWrite1h: own(usdPerMillion.cacheWrite1h) ?? scaled(rates.cacheWrite1h),
    output: own(usdPerMillion.output) ?? rates.output,
    request: rates.request,
  };
}

function factorOf(discountPercent: string | undefined): Factor {
  const hundred = 100n * 10n ** BigInt(PERCENT_DECIMALS);
  const off = discountPercent === undefined ? 0n : (scaledInteger(discountPercent, PERCENT_DECIMALS) ?? 0n);
  return { numerator: hundred - off, denominator: hundred };
}

const discounted = (rates: TokenRates, { numerator, denominator }: Factor): TokenRates => {
  const part = (rate: bigint) => (rate * numerator) / denominator;
  return {
    input: part(rates.input),
    cacheRead: part(rates.cacheRead),
    cacheWrite5m: part(rates.cacheWrite5m),
    cacheWrite1h: part(rates.cacheWrite1h),
    output: part(rates.output),
    request: part(rates.request),
  };
};
