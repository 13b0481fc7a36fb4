import { askedPeriods } from './asked-period.js';
import type { Intent } from './intent-words.table.js';
import { intentInWords, readAlone } from './question.js';
import { spelledRight } from './spelling.js';

/** What a message asks first, in its own words, and what else it asks. */
interface SeveralQuestions {
  readonly asked: string;
  readonly also: readonly string[];
}

const LEAD =
  '(?:what|how|why|which|who|when|where|will|is|are|was|were|do|does|did|can|could|should|would|forecast|compare|show|tell|give|list|analy[sz]e|explain)';
const BETWEEN = new RegExp(
  String.raw`(?<=[?!])\s+|(?<=\.)\s+(?=${LEAD}\b)|,?\s+(?:and|also|plus|then)\s+(?:also\s+)?(?=${LEAD}\b)`,
  'i',
);
const ASKS = new RegExp(String.raw`^\W*(?:(?:and|also|then|please)\s+)*${LEAD}\b`, 'i');
/** Periods are told apart, not read: any day will do. */
const ANY_DAY = '2000-12-31';

/** What the answer to each question says of others, too. */
const COVERS: Readonly<Partial<Record<Intent, readonly Intent[]>>> = {
  breakdown: ['total'],
  comparison: ['total', 'breakdown', 'change'],
  share: ['total', 'breakdown'],
  units: ['total'],
  trend: ['total'],
  peak: ['total', 'anomaly'],
  change: ['total', 'trend', 'anomaly', 'peak'],
  anomaly: ['peak', 'change'],
  savings: ['what_if', 'total', 'breakdown', 'overview'],
  what_if: ['savings', 'total', 'breakdown'],
  advice: ['savings', 'overview'],
  budget: ['forecast'],
  reconciliation: ['total'],
  overview: ['total', 'breakdown', 'anomaly', 'forecast', 'savings', 'advice', 'reconciliation', 'data_quality'],
};

/** A message that asks several things which one answer can't say is answered for the first of them. */
export function severalQuestions(text: string): SeveralQuestions {
  const parts = text.split(BETWEEN).map((part) => part.trim());
  const intents = parts.map((part) => intentInWords(spelledRight(part)));
  const areQuestions = parts.every((part, at) => ASKS.test(part) && intents[at] !== undefined);
  const [first = text, ...also] = parts;
  const { intent } = readAlone(text);
  const isOne = intents.every((one) => one === intent || (one !== undefined && COVERS[intent]?.includes(one)));
  const isOneTime = intent === 'total' || new Set(parts.flatMap(timeIn)).size < 2;
  if (also.length === 0 || !areQuestions || readAlone(first).intent === 'unrelated' || (isOne && isOneTime))
    return { asked: text, also: [] };
  return { asked: first, also };
}

const timeIn = (part: string): string[] => {
  const [period] = askedPeriods(spelledRight(part), ANY_DAY);
  return period === undefined ? [] : [`${period.from ?? ''} ${period.to ?? ''}`];
};
