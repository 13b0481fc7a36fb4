import { PriceCatalogue } from './price-catalogue.js';
import type { CatalogueModel } from './price-catalogue.js';
import { describeModel } from './model-description.js';
import type { ModelDescription } from './model-description.js';
import type { OwnPrices } from './own-prices.js';
import { SUBSTITUTES } from './substitutes.table.js';
import { factorFor } from './tier-factor.js';
import type { TieredUsage } from './tier-factor.js';
import { costNanoUsd as costOf, multiplied, NO_FACTOR } from './token-rates.js';
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

/**
 * What language models cost: the catalogue of @pydantic/genai-prices in exact integers, with the tiers it lacks; or what they cost a tenant,
 * whose negotiated prices then stand in the place of the listed ones in every answer.
 */
export class PriceBook {
  constructor(
    private readonly catalogue = new PriceCatalogue(),
    private readonly own?: OwnPrices,
  ) {}

  /** The book of a tenant that negotiated these prices. */
  negotiated(own: OwnPrices): PriceBook {
    return new PriceBook(this.catalogue, own);
  }

  /** Stored with every row, e.g. "genai-prices 0.1.8". */
  get version(): string {
    return this.catalogue.version;
  }

  /** The day the prices were published, for "prices as of …", as YYYY-MM-DD. */
  get asOf(): string {
    return this.catalogue.asOf;
  }

  price(usage: PriceableUsage): Price {
    if (!areCounts(usage) || !isCount(usage.requests ?? 0)) {
      return {
        status: 'invalid',
        priceVersion: this.version,
        reason: 'token counts must be whole numbers, not negative',
      };
    }
    if (Number.isNaN(usage.at.getTime()))
      return { status: 'invalid', priceVersion: this.version, reason: 'no valid time' };
    if (!usage.modelRaw) return { status: 'unpriced', priceVersion: this.version, reason: 'the model is not known' };
    const rated = this.rated({ model: usage.modelRaw, at: usage.at, provider: usage.provider });
    return rated === undefined
      ? { status: 'unpriced', priceVersion: this.version, reason: `no price is known for ${usage.modelRaw}` }
      : priceAs(rated, usage);
  }

  /** A model by the name that a source or user gives it; undefined when the catalogue has none. Prices are those of `at`. */
  describeModel(model: string, at: Date, provider?: string): ModelDescription | undefined {
    const rated = this.rated({ model, at, provider });
    return rated === undefined ? undefined : describeModel(rated);
  }

  /**
   * What tokens cost at a service tier, in a call below every threshold; undefined without a price. A fee for the request is no part of it, for
   * whoever asks what fewer tokens would save.
   */
  tokenRates(asked: AskedModel & TieredUsage): TokenRates | undefined {
    const rated = this.rated(asked);
    if (rated === undefined) return undefined;
    const { factor } = rated.hasTiers ? factorFor(rated.model, asked) : WITHOUT_TIERS;
    return { ...multiplied(rated.card.base, factor), request: 0n };
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

  /** The sizes of the context windows of all models that are listed, in tokens, ascending. */
  contextWindows(): Promise<number[]> {
    return this.catalogue.contextWindows();
  }

  /** The model that goes by this name, then those of the catalogue whose provider, id or name hold all words of it, the shortest ids first. */
  async search(query: string, at: Date, limit: number): Promise<ModelDescription[]> {
    const named = this.describeModel(query, at);
    const found = (await this.catalogue.search(query, limit)).map((model) => describeModel(this.listed(model, at)));
    const others = found.filter(({ provider, modelId }) => provider !== named?.provider || modelId !== named.modelId);
    return [...(named === undefined ? [] : [named]), ...others].slice(0, limit);
  }

  /** Takes newer prices, as genai-prices publishes them; answers how many models there are. Throws when they are none, and keeps the old. */
  async replaceCatalogue(providers: unknown, asOf: string): Promise<number> {
    return this.catalogue.replace(providers, asOf);
  }

  private rated({ model, at, provider }: AskedModel): RatedModel | undefined {
    const listed = this.catalogue.find(model, provider);
    if (listed !== undefined) return this.listed(listed, at);
    const own = this.own?.ofUnlisted(model, at);
    if (own === undefined) return undefined;
    const named = { provider: provider ?? 'own', modelId: model, name: model, contextWindow: undefined };
    const unlisted = { ...named, deprecated: false, hasTimeOfDayPrices: false };
    return { model: unlisted, card: own.card, negotiated: true, hasTiers: false, version: own.version };
  }

  private listed(model: CatalogueModel, at: Date): RatedModel {
    const card = model.ratesAt(at);
    const own = this.own?.ofListed(model, at, card);
    return own === undefined
      ? { model, card, negotiated: false, hasTiers: true, version: this.version }
      : { model, card: own.card, negotiated: true, hasTiers: true, version: `${this.version}, ${own.version}` };
  }
}

interface AskedModel {
  readonly model: string;
  readonly at: Date;
  readonly provider?: string | undefined;
}

/** A model with what holds for it at a time. */
interface RatedModel {
  readonly model: Omit<CatalogueModel, 'ratesAt'>;
  readonly card: RateCard;
  readonly negotiated: boolean;
  /** Whether service tiers have a price: not those of a model that only its tenant has a price for. */
  readonly hasTiers: boolean;
  readonly version: string;
}

const WITHOUT_TIERS: ReturnType<typeof factorFor> = { factor: NO_FACTOR };

function priceAs({ model, card, hasTiers, version: priceVersion }: RatedModel, usage: PriceableUsage): Price {
  const { provider, modelId } = model;
  const missing = missingPrice(card, usage);
  if (missing !== undefined) return { provider, modelId, priceVersion, status: 'unpriced', reason: missing };
  const { rates, reason: tierReason } = ratesFor(card, usage);
  const { factor, reason: factorReason } = hasTiers ? factorFor(model, usage) : WITHOUT_TIERS;
  const costNanoUsd = costOf(usage, requestsOf(usage) ?? 0, { rates, factor });
  const hoursReason =
    model.hasTimeOfDayPrices && usage.rowKind === 'bucket' ? 'the price depends on the time of day' : undefined;
  const reason = tierReason ?? factorReason ?? hoursReason;
  return reason === undefined
    ? { provider, modelId, priceVersion, status: 'priced', costNanoUsd }
    : { provider, modelId, priceVersion, status: 'tier_approximated', costNanoUsd, reason };
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const areCounts = (tokens: PricedTokens): boolean =>
  isCount(tokens.inputUncached) &&
  isCount(tokens.cacheRead) &&
  isCount(tokens.cacheWrite5m) &&
  isCount(tokens.cacheWrite1h) &&
  isCount(tokens.output);

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
