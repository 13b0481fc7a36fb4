import { Injectable } from '@nestjs/common';
import { PriceCatalogue } from './price-catalogue.js';
import type { CatalogueModel } from './price-catalogue.js';
import { describeModel } from './model-description.js';
import type { ModelDescription } from './model-description.js';
import type { OwnCard, OwnPrices } from './own-prices.js';
import { SUBSTITUTES } from './substitutes.table.js';
import { factorFor } from './tier-factor.js';
import { costNanoUsd } from './token-rates.js';
import type { PricedTokens, RateCard, TokenRates } from './token-rates.js';

export interface PriceableUsage extends PricedTokens {
  /** The model as the source wrote it, e.g. "azure/gpt-4o" or "Claude Sonnet 4.5". */
  readonly modelRaw: string | undefined;
  readonly provider?: string | undefined;
  /** When it was used: prices are dated. For a bucket, its start. */
  readonly at: Date;
  readonly rowKind: 'request' | 'bucket';
  /** How many calls a bucket holds; null or absent when the source doesn't say. A request is one. */
  readonly requests?: number | null;
  /** Of a bucket: whether each of its calls had more input than 200,000 tokens; null or absent when unknown. */
  readonly isLongContext?: boolean | null;
  readonly isBatch?: boolean | null;
  readonly serviceTier?: string | null;
}

/**
 * What usage cost. `priced` is exact; `tier_approximated` means that a rate was assumed (`reason` says which);
 * `unpriced` and `invalid` have no cost, which is unknown and never zero.
 */
export type Price =
  | {
      readonly status: 'priced' | 'tier_approximated';
      readonly costNanoUsd: bigint;
      readonly provider: string;
      readonly modelId: string;
      readonly priceVersion: string;
      readonly reason?: string;
    }
  | {
      readonly status: 'unpriced' | 'invalid';
      readonly costNanoUsd?: undefined;
      readonly provider?: string;
      readonly modelId?: string;
      readonly priceVersion: string;
      readonly reason: string;
    };

/** What language models cost: the catalogue of @pydantic/genai-prices in exact integers, with the tiers it lacks. */
@Injectable()
export class PriceBook {
  private readonly catalogue = new PriceCatalogue();

  /** Stored with every row, e.g. "genai-prices 0.1.8". */
  get version(): string {
    return this.catalogue.version;
  }

  /** The day the prices were published, for "prices as of …", as YYYY-MM-DD. */
  get asOf(): string {
    return this.catalogue.asOf;
  }

  /** `own`: what a tenant negotiated, in the place of the listed prices. */
  price(usage: PriceableUsage, own?: OwnPrices): Price {
    if (!COUNTS.every((count) => isCount(usage[count])) || !isCount(usage.requests ?? 0)) {
      return {
        status: 'invalid',
        priceVersion: this.version,
        reason: 'token counts must be whole numbers, not negative',
      };
    }
    if (Number.isNaN(usage.at.getTime()))
      return { status: 'invalid', priceVersion: this.version, reason: 'no valid time' };
    if (!usage.modelRaw) return { status: 'unpriced', priceVersion: this.version, reason: 'the model is not known' };
    const model = this.catalogue.find(usage.modelRaw, usage.provider ?? undefined);
    if (model === undefined) {
      const card = own?.ofUnlisted(usage.modelRaw, usage.at);
      if (card !== undefined) return priceUnlisted(usage.modelRaw, usage, card);
      return { status: 'unpriced', priceVersion: this.version, reason: `no price is known for ${usage.modelRaw}` };
    }
    return this.priceAs(model, usage, own);
  }

  /** A model by the name that a source or user gives it; undefined when the catalogue has none. Prices are those of `at`. */
  describeModel(model: string, at: Date, provider?: string): ModelDescription | undefined {
    const found = this.catalogue.find(model, provider);
    return found === undefined ? undefined : describeModel(found, at);
  }

  /**
   * Current general-purpose models that cost less than `model` for input and for output, those of the same provider first,
   * then from the dearest down. Whether they are good enough for the work is not known here.
   */
  cheaperCandidates(model: string, at: Date, provider?: string): ModelDescription[] {
    const current = this.describeModel(model, at, provider);
    if (current === undefined) return [];
    const cheaper = SUBSTITUTES.map((candidate) =>
      this.describeModel(candidate.modelId, at, candidate.provider),
    ).filter((candidate) => candidate !== undefined && isCheaper(candidate.rates, current.rates));
    return cheaper
      .filter((candidate) => candidate !== undefined)
      .sort(
        (a, b) =>
          Number(b.provider === current.provider) - Number(a.provider === current.provider) ||
          compare(b.rates, a.rates),
      );
  }

  /** Models of the catalogue whose provider, id or name hold all words of the query, the shortest names first. */
  async search(query: string, at: Date, limit: number): Promise<ModelDescription[]> {
    return (await this.catalogue.search(query, limit)).map((model) => describeModel(model, at));
  }

  /** Takes newer prices, as genai-prices publishes them; answers how many models there are. Throws when they are none, and keeps the old. */
  async replaceCatalogue(providers: unknown, asOf: string): Promise<number> {
    return this.catalogue.replace(providers, asOf);
  }

  private priceAs(model: CatalogueModel, usage: PriceableUsage, own: OwnPrices | undefined): Price {
    const listed = model.ratesAt(usage.at);
    const ownCard = own?.ofListed(model, usage.at, listed);
    const priceVersion = ownCard === undefined ? this.version : `${this.version}, ${ownCard.version}`;
    const found = { provider: model.provider, modelId: model.modelId, priceVersion };
    const card = ownCard?.card ?? listed;
    const missing = missingPrice(card, usage);
    if (missing !== undefined) return { ...found, status: 'unpriced', reason: missing };
    const { rates, reason: tierReason } = ratesFor(card, usage);
    const { factor, reason: factorReason } = factorFor(model, usage);
    const cost = costNanoUsd(usage, requestsOf(usage) ?? 0, { rates, factor });
    const hoursReason =
      model.hasTimeOfDayPrices && usage.rowKind === 'bucket' ? 'the price depends on the time of day' : undefined;
    const reason = tierReason ?? factorReason ?? hoursReason;
    return reason === undefined
      ? { ...found, status: 'priced', costNanoUsd: cost }
      : { ...found, status: 'tier_approximated', costNanoUsd: cost, reason };
  }
}

/** A model that only its tenant has a price for. Service tiers have no factor there. */
function priceUnlisted(modelRaw: string, usage: PriceableUsage, { card, version }: OwnCard): Price {
  const found = { provider: usage.provider ?? 'own', modelId: modelRaw, priceVersion: version };
  const factor = { numerator: 1n, denominator: 1n };
  const cost = costNanoUsd(usage, requestsOf(usage) ?? 0, { rates: card.base, factor });
  return { ...found, status: 'priced', costNanoUsd: cost };
}

const COUNTS = ['inputUncached', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'output'] as const;

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const inputOf = (tokens: PricedTokens): number =>
  tokens.inputUncached + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h;

const requestsOf = (usage: PriceableUsage): number | undefined =>
  usage.rowKind === 'request' ? 1 : usage.requests || undefined;

function missingPrice(card: RateCard, usage: PriceableUsage): string | undefined {
  if (!card.listsInput && inputOf(usage) > 0) return 'the catalogue has no price for its input tokens';
  if (!card.listsOutput && usage.output > 0) return 'the catalogue has no price for its output tokens';
  return undefined;
}

/** Thresholds are per call: a bucket is priced by its mean call. Without a count the base rate is taken, which may be too low. */
function ratesFor(card: RateCard, usage: PriceableUsage): { rates: TokenRates; reason?: string } {
  const requests = requestsOf(usage);
  const input = inputOf(usage);
  const unknownFee = requests === undefined && card.base.request > 0n;
  if (unknownFee) return { rates: card.base, reason: 'the number of requests is unknown, and each has a fee' };
  const reached = card.tiers.findLast((tier) => input > tier.above * (requests ?? 1));
  if (typeof usage.isLongContext === 'boolean') return { rates: longContextRates(card, usage.isLongContext) };
  if (reached === undefined) return { rates: card.base };
  if (requests === undefined) return { rates: card.base, reason: 'the number of requests is unknown: base tier' };
  return { rates: reached.rates };
}

/** A bucket that says on which side of 200,000 tokens its calls were needs no mean. */
const longContextRates = (card: RateCard, isLongContext: boolean): TokenRates =>
  (isLongContext ? card.tiers.find(({ above }) => above <= LONG_CONTEXT_TOKENS)?.rates : undefined) ?? card.base;

const LONG_CONTEXT_TOKENS = 200_000;

const isCheaper = (candidate: TokenRates, current: TokenRates): boolean =>
  candidate.input < current.input && candidate.output < current.output;

/** Orders by the price of three parts input to one part output, as in most chat traffic. */
function compare(a: TokenRates, b: TokenRates): number {
  const difference = a.input * 3n + a.output - (b.input * 3n + b.output);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
