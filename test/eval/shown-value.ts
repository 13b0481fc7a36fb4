import type { StatedFact } from './answer.js';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/**
 * A fact as an answer has to show it, from the specification alone: USD with two decimals, half up, thousands separated by commas; other
 * numbers with the decimals that they state.
 */
export function shownValue({ value, unit, decimals }: StatedFact): string {
  switch (unit) {
    case 'date':
      return `${Number(value.slice(8, 10))} ${MONTHS[Number(value.slice(5, 7)) - 1] ?? ''} ${value.slice(0, 4)}`;
    case 'time':
      return value.slice(11, 16);
    case 'usd':
      return number(value, decimals, '$');
    case 'percent':
      return `${number(value, decimals, '')}%`;
    default:
      return number(value, decimals, '');
  }
}

function number(value: string, decimals: number, currency: string): string {
  const [whole = '0', fraction = ''] = value.replace('-', '').split('.');
  const digits = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  const rounded = (Number(fraction[decimals] ?? '0') >= 5 ? digits + 1n : digits)
    .toString()
    .padStart(decimals + 1, '0');
  const cut = rounded.length - decimals;
  const amount = rounded.slice(0, cut).replace(/(?<=\d)(?=(?:\d{3})+$)/g, ',');
  const sign = value.startsWith('-') && /[1-9]/.test(rounded) ? '-' : '';
  return `${sign}${currency}${amount}${decimals === 0 ? '' : `.${rounded.slice(cut)}`}`;
}
