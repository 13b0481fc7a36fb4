import { z } from 'zod';
import { AppError } from '../../../errors/app-error.js';
import type { PriceBook } from '../price-book.js';
import { UNLISTED_PROVIDER } from '../price-override.js';
import type { PriceOverride } from '../price-override.js';

const OVERRIDES_MAX = 500;
const LIMIT_MAX = 100;
const LIMIT_DEFAULT = 20;
const EPOCH = new Date(0);

const words = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, 'must not have control characters');
/** A price a token of $1 is $1,000,000 a million: nothing costs more. */
const rate = z.string().regex(/^\d{1,6}(\.\d{1,9})?$/, 'must be USD for a million tokens, as a decimal string');
const percent = z
  .string()
  .regex(/^(100(\.0{1,4})?|\d{1,2}(\.\d{1,4})?)$/, 'must be a percentage from 0 to 100, as a decimal string');

const override = z
  .strictObject({
    model: words,
    provider: words.optional(),
    /** First moment on which it holds; absent: always. */
    from: z.iso
      .datetime({ offset: true })
      .or(z.iso.date())
      .transform((text) => new Date(text))
      .optional(),
    input_usd_per_million: rate.optional(),
    cache_read_usd_per_million: rate.optional(),
    cache_write_5m_usd_per_million: rate.optional(),
    cache_write_1h_usd_per_million: rate.optional(),
    output_usd_per_million: rate.optional(),
    discount_percent: percent.optional(),
    note: words.optional(),
  })
  .refine(
    (value) => Object.keys(value).some((name) => /_usd_per_million$|^discount/.test(name)),
    'must have a price or a discount',
  );

export const overridesBody = z.strictObject({ overrides: z.array(override).max(OVERRIDES_MAX) });
export type OverridesBody = z.output<typeof overridesBody>;

export const searchQuery = z.object({
  q: words,
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
});
export type SearchQuery = z.output<typeof searchQuery>;

/**
 * The overrides with their models as the catalogue calls them. Throws AppError validation_failed for a model that it doesn't know and that has
 * not both of its own prices, and for two prices of one model from the same day.
 */
export function checkedOverrides({ overrides }: OverridesBody, prices: PriceBook, now: Date): PriceOverride[] {
  const seen = new Set<string>();
  return overrides.map((given, index) => {
    const found = prices.describeModel(given.model, now, given.provider);
    const isComplete = given.input_usd_per_million !== undefined && given.output_usd_per_million !== undefined;
    if (found === undefined && !isComplete)
      throw invalid(index, 'model', 'no list price is known: give input_usd_per_million and output_usd_per_million');
    const named = found ?? { provider: UNLISTED_PROVIDER, modelId: given.model };
    const validFrom = given.from ?? EPOCH;
    const key = [named.provider, named.modelId.toLowerCase(), validFrom.getTime()].join('\n');
    if (seen.has(key)) throw invalid(index, 'from', 'there is another price of this model from the same day');
    seen.add(key);
    return {
      provider: named.provider,
      modelId: named.modelId,
      validFrom,
      usdPerMillion: ratesOf(given),
      discountPercent: given.discount_percent,
      note: given.note,
    };
  });
}

const ratesOf = (given: z.output<typeof override>): PriceOverride['usdPerMillion'] => ({
  ...(given.input_usd_per_million === undefined ? {} : { input: given.input_usd_per_million }),
  ...(given.cache_read_usd_per_million === undefined ? {} : { cacheRead: given.cache_read_usd_per_million }),
  ...(given.cache_write_5m_usd_per_million === undefined ? {} : { cacheWrite5m: given.cache_write_5m_usd_per_million }),
  ...(given.cache_write_1h_usd_per_million === undefined ? {} : { cacheWrite1h: given.cache_write_1h_usd_per_million }),
  ...(given.output_usd_per_million === undefined ? {} : { output: given.output_usd_per_million }),
});

const invalid = (index: number, field: string, message: string): AppError =>
  new AppError('validation_failed', `overrides.${index}.${field}: ${message}`, {
    details: { issues: [{ path: `overrides.${index}.${field}`, message }] },
  });
