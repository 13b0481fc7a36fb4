import { scaledInteger } from './money.js';
import { UNLISTED_PROVIDER } from './price-override.js';
import type { OverriddenRate, PriceOverride } from './price-override.js';
import { multiplied } from './token-rates.js';
import type { Factor, RateCard, TokenRates } from './token-rates.js';

const FEMTO_DECIMALS = 15;
const PERCENT_DECIMALS = 4;
const NO_RATES: TokenRates = { input: 0n, cacheRead: 0n, cacheWrite5m: 0n, cacheWrite1h: 0n, output: 0n, request: 0n };
const UNLISTED: RateCard = { base: NO_RATES, tiers: [], listsInput: false, listsOutput: false };

/** The rates of one model as a tenant pays them. */
export interface OwnCard {
  readonly card: RateCard;
  /** Shown with a price, e.g. "own prices of 2026-01-01". */
  readonly version: string;
}

/** Looks up the prices that a tenant negotiated. */
export class OwnPrices {
  private readonly byModel = new Map<string, PriceOverride[]>();
  /** Cards that were made already: a file asks for the same few with every row. */
  private readonly made = new Map<PriceOverride, WeakMap<RateCard, OwnCard>>();

  constructor(overrides: readonly PriceOverride[]) {
    for (const override of [...overrides].sort((a, b) => a.validFrom.getTime() - b.validFrom.getTime())) {
      const key = keyOf(override.provider, override.modelId);
      this.byModel.set(key, [...(this.byModel.get(key) ?? []), override]);
    }
  }

  /** The card of a model of the catalogue at that time; undefined where the list price holds. */
  ofListed(model: { provider: string; modelId: string }, at: Date, listed: RateCard): OwnCard | undefined {
    return this.cardOf(this.at(keyOf(model.provider, model.modelId), at), listed);
  }

  /** The card of a model that the catalogue doesn't know. */
  ofUnlisted(modelRaw: string, at: Date): OwnCard | undefined {
    return this.cardOf(this.at(keyOf(UNLISTED_PROVIDER, modelRaw), at), UNLISTED);
  }

  private cardOf(override: PriceOverride | undefined, listed: RateCard): OwnCard | undefined {
    if (override === undefined) return undefined;
    const cards = this.made.get(override) ?? new WeakMap<RateCard, OwnCard>();
    const card = cards.get(listed) ?? newCard(override, listed);
    this.made.set(override, cards.set(listed, card));
    return card;
  }

  private at(key: string, at: Date): PriceOverride | undefined {
    return this.byModel.get(key)?.findLast(({ validFrom }) => validFrom <= at);
  }
}

const keyOf = (provider: string, modelId: string): string => `${provider}\n${modelId.trim().toLowerCase()}`;

/** Rates of long calls follow the base rate that they are listed beside: who negotiated one price still pays more above a threshold. */
function newCard(override: PriceOverride, listed: RateCard): OwnCard {
  const discount = factorOf(override.discountPercent);
  const reduced = (rates: TokenRates) => multiplied(rates, discount);
  const base = reduced(listed.base);
  const own = ownRates(override);
  const tiers = listed.tiers.map(({ above, rates }) => ({ above, rates: withOwn(reduced(rates), base, own) }));
  return {
    card: {
      base: withOwn(base, base, own),
      tiers,
      listsInput: own.input !== undefined || listed.listsInput,
      listsOutput: own.output !== undefined || listed.listsOutput,
    },
    version: `own prices of ${override.validFrom.toISOString().slice(0, 10)}`,
  };
}

type OwnRates = Readonly<Record<OverriddenRate, bigint | undefined>>;

/** Cache rates that are not given follow the input rate that is: a list price beside a negotiated one would be neither's. */
function withOwn(rates: TokenRates, base: TokenRates, own: OwnRates): TokenRates {
  /** The negotiated rate, dearer or cheaper by what the listed one of this tier is than its base. */
  const of = (name: OverriddenRate): bigint | undefined =>
    own[name] === undefined ? undefined : scaled(own[name], rates[name], base[name]);
  const input = of('input') ?? rates.input;
  const cache = (name: 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h'): bigint =>
    of(name) ?? (own.input === undefined ? rates[name] : scaled(input, rates[name], rates.input));
  return {
    input,
    cacheRead: cache('cacheRead'),
    cacheWrite5m: cache('cacheWrite5m'),
    cacheWrite1h: cache('cacheWrite1h'),
    output: of('output') ?? rates.output,
    request: rates.request,
  };
}

/** `rate` × part ÷ whole; the rate itself where nothing is listed. */
const scaled = (rate: bigint, part: bigint, whole: bigint): bigint => (whole === 0n ? rate : (rate * part) / whole);

function ownRates({ usdPerMillion }: PriceOverride): OwnRates {
  const own = (name: OverriddenRate): bigint | undefined => {
    const text = usdPerMillion[name];
    return text === undefined ? undefined : scaledInteger(text, FEMTO_DECIMALS);
  };
  return {
    input: own('input'),
    cacheRead: own('cacheRead'),
    cacheWrite5m: own('cacheWrite5m'),
    cacheWrite1h: own('cacheWrite1h'),
    output: own('output'),
  };
}

function factorOf(discountPercent: string | undefined): Factor {
  const hundred = 100n * 10n ** BigInt(PERCENT_DECIMALS);
  const off = discountPercent === undefined ? 0n : (scaledInteger(discountPercent, PERCENT_DECIMALS) ?? 0n);
  return { numerator: hundred - off, denominator: hundred };
}
