import { z } from 'zod';
import { CURRENCY_DISPLAYS, type UserPreferences } from '../context/user-preferences.js';

const MODEL_LENGTH_MAX = 200;

/** A language tag, brought into its usual spelling. */
const language = z
  .string()
  .max(35)
  .refine((tag) => isAccepted(() => Intl.getCanonicalLocales(tag)), 'must be a language tag, e.g. "en" or "pt-BR"')
  .transform((tag) => Intl.getCanonicalLocales(tag)[0] ?? tag);

/**
 * UTC, or a region and a place: letters like "IST" mean Israel's time to PostgreSQL and India's here, and an offset like "+02:00" its opposite.
 * "SystemV/…" is known here only.
 */
const timeZone = z
  .string()
  .max(64)
  .refine(
    (name) =>
      /^(UTC$|(?!SystemV)[A-Za-z]+\/)/.test(name) &&
      isAccepted(() => new Intl.DateTimeFormat('en', { timeZone: name })),
    'must be the name of a time zone, e.g. "Europe/Berlin"',
  );

export const preferencesBody = z.object({
  language: language.nullish(),
  time_zone: timeZone.nullish(),
  currency_display: z.enum(CURRENCY_DISPLAYS).nullish(),
  default_price_model: z
    .string()
    .trim()
    .min(1)
    .max(MODEL_LENGTH_MAX)
    .regex(/^\P{Cc}*$/u, 'must not have control characters')
    .nullish(),
  notify_finished_runs: z.boolean().nullish(),
});

export type PreferencesBody = z.output<typeof preferencesBody>;

export const preferencesAnswer = z.object({
  language: z.string(),
  time_zone: z.string(),
  currency_display: z.enum(CURRENCY_DISPLAYS),
  default_price_model: z.string().nullable(),
  notify_finished_runs: z.boolean(),
});

export const preferencesAnswerOf = (preferences: UserPreferences): z.output<typeof preferencesAnswer> => ({
  language: preferences.language,
  time_zone: preferences.timeZone,
  currency_display: preferences.currencyDisplay,
  default_price_model: preferences.defaultPriceModel ?? null,
  notify_finished_runs: preferences.notifyFinishedRuns,
});

function isAccepted(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
