/** How amounts are shown: `$12.30` or `USD 12.30`. Money is in US dollars either way. */
export const CURRENCY_DISPLAYS = ['$', 'USD'] as const;
export type CurrencyDisplay = (typeof CURRENCY_DISPLAYS)[number];

/** What a user prefers; agents and tools read it from their UserExecutionContext. */
export interface UserPreferences {
  /** BCP 47, e.g. "en" or "pt-BR": what a model writes in. */
  readonly language: string;
  /** IANA name, e.g. "Europe/Berlin". */
  readonly timeZone: string;
  readonly currencyDisplay: CurrencyDisplay;
  /** What usage without a model is priced as, where the import names none. */
  readonly defaultPriceModel: string | undefined;
  /** For clients: the wire has no frame of its own for it, and a socket at /ws gets the final event of every run of the user. */
  readonly notifyFinishedRuns: boolean;
}

export const DEFAULT_PREFERENCES: UserPreferences = Object.freeze({
  language: 'en',
  timeZone: 'UTC',
  currencyDisplay: '$',
  defaultPriceModel: undefined,
  notifyFinishedRuns: false,
});

/** A row of user_preference, as it is stored: null is "no preference". */
export interface PreferenceColumns {
  readonly language: string | null;
  readonly time_zone: string | null;
  readonly currency_display: string | null;
  readonly default_price_model: string | null;
  readonly notify_finished_runs: boolean | null;
}

/** Preferences with the defaults where there is none. */
export function preferencesOf(columns: PreferenceColumns | undefined): UserPreferences {
  if (columns === undefined) return DEFAULT_PREFERENCES;
  const { language, timeZone, currencyDisplay, notifyFinishedRuns } = DEFAULT_PREFERENCES;
  return Object.freeze({
    language: columns.language ?? language,
    timeZone: columns.time_zone ?? timeZone,
    currencyDisplay: CURRENCY_DISPLAYS.find((display) => display === columns.currency_display) ?? currencyDisplay,
    defaultPriceModel: columns.default_price_model ?? undefined,
    notifyFinishedRuns: columns.notify_finished_runs ?? notifyFinishedRuns,
  });
}
