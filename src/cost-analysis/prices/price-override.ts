/** What a tenant pays for a model from a day on, in the place of the list price. */
export interface PriceOverride {
  /** As the price catalogue calls them; a model that it doesn't know is called as usage calls it. */
  readonly provider: string;
  readonly modelId: string;
  readonly validFrom: Date;
  /** USD for a million tokens, as decimal strings; undefined: as listed. */
  readonly usdPerMillion: Readonly<Partial<Record<OverriddenRate, string>>>;
  /** Off the list price of everything, "0" to "100"; undefined: none. */
  readonly discountPercent: string | undefined;
  readonly note: string | undefined;
}

export type OverriddenRate = 'input' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h' | 'output';

/** A model that the catalogue doesn't know has no provider there. */
export const UNLISTED_PROVIDER = '';
