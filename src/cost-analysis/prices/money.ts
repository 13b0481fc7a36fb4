/** 1 USD = 10^9 nano-USD: the unit in which money is stored and added up. */
const NANO_DECIMALS = 9;
const NANO_IN_USD = 1e9;
/** What nearly all rows of usage cost. */
const PLAIN_USD = /^\d{1,5}(?:\.\d{1,9})?$/;

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,3}))?$/i;

/**
 * The number `text × 10^decimals` as an integer, rounded half away from zero: exact where a float would not be.
 * Takes plain and scientific notation ("0.000035", "3.5e-05"); undefined when the text is not a number.
 */
export function scaledInteger(text: string, decimals: number): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const shift = decimals + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  const magnitude = shift >= 0 ? digits * 10n ** BigInt(shift) : divideHalfUp(digits, 10n ** BigInt(-shift));
  return sign === '-' ? -magnitude : magnitude;
}

/** USD as text, as sources write it ("12.5", "1.2e-05", "$1,234.50"), in nano-USD; undefined when it is no amount. */
export function nanoUsdOf(text: string): bigint | undefined {
  // Of so few digits a double holds each amount so closely that the nearest integer is it.
  if (PLAIN_USD.test(text)) return BigInt(Math.round(Number(text) * NANO_IN_USD));
  const plain = text.trim();
  const exact = scaledInteger(plain, NANO_DECIMALS);
  if (exact !== undefined) return exact;
  return /^-?\$?\d{1,3}(,\d{3})*(\.\d+)?$|^-?\$\d+(\.\d+)?$/.test(plain)
    ? scaledInteger(plain.replace(/[$,]/g, ''), NANO_DECIMALS)
    : undefined;
}

/** Nano-USD as the decimal string in USD that JSON answers carry: "96.791325000". */
export function usdDecimal(nanoUsd: bigint): string {
  const digits = (nanoUsd < 0n ? -nanoUsd : nanoUsd).toString().padStart(NANO_DECIMALS + 1, '0');
  const text = `${digits.slice(0, -NANO_DECIMALS)}.${digits.slice(-NANO_DECIMALS)}`;
  return nanoUsd < 0n ? `-${text}` : text;
}

/** An amount that was made for drawing, a float in USD, as JSON answers carry it. */
export const usdDecimalOf = (usd: number): string => usdDecimal(scaledInteger(String(usd), NANO_DECIMALS) ?? 0n);

/** `numerator / denominator` rounded half up; both not negative. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator * 2n + denominator) / (denominator * 2n);
}
