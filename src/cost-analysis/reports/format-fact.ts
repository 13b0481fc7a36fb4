import type { CurrencyDisplay } from '../../context/user-preferences.js';
import { roundDecimal } from '../tools/decimal.js';
import type { Fact } from '../tools/fact.js';

/** A fact never changes, and is shown several times in a run: to a model, in the answer, in its report. */
const shown = { $: new WeakMap<Fact, string>(), USD: new WeakMap<Fact, string>() } satisfies Record<
  CurrencyDisplay,
  WeakMap<Fact, string>
>;

/** A fact as answers show it: $1,234.50 (or USD 1,234.50) · 19,366 · 12.3% · 60 days · 850 ms · 16 November 2023 · 18:15 UTC. The one place where numbers become text. */
export function formatFact(fact: Fact, currency: CurrencyDisplay = '$'): string {
  const text = shown[currency].get(fact) ?? format(fact, currency);
  shown[currency].set(fact, text);
  return text;
}

function format({ value, unit, decimals }: Fact, currency: CurrencyDisplay): string {
  switch (unit) {
    case 'usd':
      return signed(value, decimals, (amount) => `${currency === '$' ? '$' : `${currency} `}${grouped(amount)}`);
    case 'tokens':
    case 'count':
      return signed(value, decimals, grouped);
    case 'percent':
      return signed(value, decimals, (amount) => `${grouped(amount)}%`);
    case 'days':
      return `${grouped(roundDecimal(value, decimals))} ${value === '1' ? 'day' : 'days'}`;
    case 'milliseconds':
      return `${grouped(roundDecimal(value, decimals))} ms`;
    case 'date':
      return formatDay(value);
    case 'time':
      return `${value.slice(11, 16)} UTC`;
  }
}

function signed(value: string, decimals: number, format: (amount: string) => string): string {
  const rounded = roundDecimal(value, decimals);
  return rounded.startsWith('-') ? `-${format(rounded.slice(1))}` : format(rounded);
}

const grouped = (amount: string): string => amount.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');

const DAY_FORMAT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

const formatDay = (day: string): string => DAY_FORMAT.format(new Date(`${day}T00:00:00Z`));
