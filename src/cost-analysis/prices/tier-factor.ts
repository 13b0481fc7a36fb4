import type { CatalogueModel } from './price-catalogue.js';
import { TIER_FACTORS } from './tier-factor.table.js';
import { NO_FACTOR, type Factor } from './token-rates.js';

/** What sources call the ordinary tier. */
const STANDARD_TIERS = new Set([
  '',
  'standard',
  'default',
  'auto',
  'on_demand',
  'on-demand',
  'ondemand',
  'standard_only',
  'none',
]);

export interface TieredUsage {
  readonly at: Date;
  readonly isBatch?: boolean | null;
  readonly serviceTier?: string | null;
}

/** The factor of the service tier on all token prices; 1 with a reason when the tier has no known price. */
export function factorFor(
  model: Pick<CatalogueModel, 'provider' | 'modelId'>,
  usage: TieredUsage,
): { factor: Factor; reason?: string } {
  const tier = usage.isBatch === true ? 'batch' : (usage.serviceTier ?? '').toLowerCase();
  if (STANDARD_TIERS.has(tier)) return { factor: NO_FACTOR };
  const listed = TIER_FACTORS.find(
    (entry) =>
      entry.tier === tier &&
      entry.provider === model.provider &&
      (entry.modelId === undefined || entry.modelId === model.modelId) &&
      usage.at.getTime() >= Date.parse(entry.from),
  );
  return listed === undefined
    ? { factor: NO_FACTOR, reason: `no price is known for tier ${tier}: standard price` }
    : { factor: listed.factor };
}
