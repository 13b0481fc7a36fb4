import { nanoUsdOf, scaledInteger } from '../../prices/money.js';
import { RejectedRow } from '../rejected-row.js';
import { textOf } from './field-values.js';
import { quotableValue } from './quotable-value.js';

/** A cent has 10^7 nano-USD. */
const NANO_DECIMALS_OF_A_CENT = 7;
/** Above it a line of a bill is a mistake of the source. */
const NANO_USD_MAX = 10n ** 16n;
/** A code or a sign; another text is none to be repeated in a reason. */
const CURRENCY = /^(?:[A-Z]{3}|\p{Sc})$/u;

/** What was billed, in nano-USD. Credits and corrections are negative, and are a part of the bill. */
export function billedAmount(value: unknown, unit: 'USD' | 'cents' = 'USD'): bigint {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  const nanoUsd = unit === 'USD' ? nanoUsdOf(text) : scaledInteger(text, NANO_DECIMALS_OF_A_CENT);
  if (nanoUsd === undefined) throw new RejectedRow(`the amount is not a number: ${quotableValue(value ?? '')}`);
  if (nanoUsd > NANO_USD_MAX || nanoUsd < -NANO_USD_MAX)
    throw new RejectedRow(`the amount is implausibly large: ${quotableValue(value ?? '')}`);
  return nanoUsd;
}

/** Throws RejectedRow for any currency but the US dollar, which is also meant where none is named. */
export function checkCurrency(currency: unknown): void {
  const name = textOf(currency)?.toUpperCase() ?? 'USD';
  if (name === 'USD' || name === '$') return;
  throw new RejectedRow(`the cost is in ${CURRENCY.test(name) ? name : 'another currency'}; only USD is understood`);
}
