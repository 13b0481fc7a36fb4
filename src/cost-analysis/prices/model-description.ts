import { usdDecimal } from './money.js';
import type { CatalogueModel } from './price-catalogue.js';
import type { RateCard, TokenRates } from './token-rates.js';

/** A model as tools and reports show it. */
export interface ModelDescription {
  readonly provider: string;
  readonly modelId: string;
  readonly name: string;
  /** Tokens of input that it takes at most; undefined when the catalogue doesn't say. */
  readonly contextWindow: number | undefined;
  readonly deprecated: boolean;
  /** Base prices of the day asked for, as decimal strings in USD for a million tokens. */
  readonly usdPerMillion: Readonly<Record<'input' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h' | 'output', string>>;
  /** Calls with more input than this many tokens cost more; undefined when the price is flat. */
  readonly dearerAboveInputTokens: number | undefined;
  /** Whether these are prices that a tenant negotiated. */
  readonly negotiated: boolean;
  /** The base prices in the unit of the calculation. */
  readonly rates: TokenRates;
}

/** A model with the rates that hold for it. */
interface RatedModel {
  readonly model: Pick<CatalogueModel, 'provider' | 'modelId' | 'name' | 'contextWindow' | 'deprecated'>;
  readonly card: RateCard;
  readonly negotiated: boolean;
}

/** Femto-USD in a nano-USD. */
const FEMTO_PER_NANO = 1_000_000n;

export function describeModel({ model, card, negotiated }: RatedModel): ModelDescription {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, output } = card.base;
  return {
    provider: model.provider,
    modelId: model.modelId,
    name: model.name,
    contextWindow: model.contextWindow,
    deprecated: model.deprecated,
    usdPerMillion: {
      input: shown(input),
      cacheRead: shown(cacheRead),
      cacheWrite5m: shown(cacheWrite5m),
      cacheWrite1h: shown(cacheWrite1h),
      output: shown(output),
    },
    dearerAboveInputTokens: card.tiers[0]?.above,
    negotiated,
    rates: card.base,
  };
}

const shown = (rate: bigint): string => usdDecimal(rate / FEMTO_PER_NANO);
