import { RejectedRow } from '../rejected-row.js';
import { quotableValue } from './quotable-value.js';

/** A quantity of a line as it came, and what it counts. */
export interface FocusQuantity {
  /** Whatever names the kind of token: meter, SKU, description. */
  readonly meter: string;
  readonly quantity: unknown;
  readonly unit: string | undefined;
}

interface LineTokens {
  readonly inputUncached: number;
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly output: number;
}

const NONE: LineTokens = { inputUncached: 0, output: 0 };
const TOKENS_MAX = 1e15;

/** "Token", "Tokens", "1000 Tokens", "1K Tokens", "1M tokens" as a number of tokens; undefined for another unit. */
function tokensInUnit(unit: string | undefined): number | undefined {
  const match = /^([\d,.]*)\s*(k|m|thousand|million)?\s*tokens?$/i.exec(unit?.trim() ?? '');
  if (match === null) return undefined;
  const [, count = '', scale = ''] = match;
  const factor = /^(k|thousand)$/i.test(scale) ? 1e3 : /^(m|million)$/i.test(scale) ? 1e6 : 1;
  return (count === '' ? 1 : Number(count.replaceAll(',', ''))) * factor;
}

/** The tokens that a line is the price of: one kind, told by its meter. Lines of other units have none. */
export function focusTokens({ meter, quantity, unit }: FocusQuantity): LineTokens {
  const factor = tokensInUnit(unit);
  if (factor === undefined || quantity === undefined) return NONE;
  const tokens = Math.round(Number(quantity) * factor);
  if (!Number.isFinite(tokens) || Math.abs(tokens) > TOKENS_MAX)
    throw new RejectedRow(`the quantity is not a number: ${quotableValue(quantity)}`);
  // A correction takes tokens back; what is left of them is the provider's business, its amount is ours.
  if (tokens < 0) return NONE;
  if (/cache.{0,20}(write|creation)/i.test(meter)) return { ...NONE, cacheWrite5m: tokens };
  if (/cache/i.test(meter)) return { ...NONE, cacheRead: tokens };
  if (/out(put|p)?\b|completion|generated/i.test(meter)) return { ...NONE, output: tokens };
  return { ...NONE, inputUncached: tokens };
}
