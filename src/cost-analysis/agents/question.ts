import { DIMENSIONS, type Dimension } from '../tools/usage-scope.js';

export const INTENTS = [
  'overview',
  'breakdown',
  'trend',
  'anomaly',
  'forecast',
  'savings',
  'data_quality',
  'unrelated',
] as const;
export type Intent = (typeof INTENTS)[number];

/** What a question asks for, and what it names. Days are YYYY-MM-DD; `to` is exclusive; the budget is as written, e.g. "$5,000". */
export type Question = {
  readonly intent: Intent;
  readonly entities: {
    readonly models: readonly string[];
    readonly dimensions: readonly Dimension[];
    readonly from?: string;
    readonly to?: string;
    readonly budget?: string;
  };
};

/** The first that fits decides: the narrow questions stand before the wide one. */
const INTENT_WORDS: readonly (readonly [Exclude<Intent, 'unrelated'>, RegExp])[] = [
  [
    'savings',
    /\b(sav\w+|cheaper|reduc\w+|cut\w*|optimi[sz]\w+|substitut\w+|switch\w*|instead of|replace\w*|waste\w*|lower)\b/i,
  ],
  [
    'forecast',
    /\b(forecast\w*|predict\w*|project(ed|ion)s?|next (week|month|quarter|year)|will (we|it|i) (spend|cost)|budget\w*|run.?rate)\b/i,
  ],
  [
    'anomaly',
    /\b(anomal\w+|spik\w+|jump\w*|unusual\w*|outlier\w*|surge\w*|sudden\w*|why (did|has|is|are|was|were))\b/i,
  ],
  ['data_quality', /\b(missing|data quality|import\w*|upload\w*|coverage|unpriced|untagged)\b/i],
  ['trend', /\b(trend\w*|over time|growth|grow\w*|per (day|week|month)|daily|weekly|monthly|compare\w*|versus)\b/i],
  [
    'breakdown',
    /\b(by (model|team|project|feature|user|provider)|break\w* ?down|which (model|team|project|feature|user|provider)s?|who|top|most expensive)\b/i,
  ],
  [
    'overview',
    /\b(cost\w*|spen[dt]\w*|usage|bill\w*|invoice\w*|price\w*|pricing|token\w*|models?|llms?|ai|money|usd|dollars?|expens\w+|report|analy[sz]\w*)\b/i,
  ],
];

const MODEL = /^(?:gpt|claude|gemini|llama|mistral|mixtral|deepseek|grok|qwen|command-|nova-|o[1-9](?:-|$))/i;
const MODEL_PARTS =
  /^(?:\d[\w.]*|mini|nano|pro|flash|lite|opus|sonnet|haiku|turbo|large|small|medium|instruct|chat|reasoner|coder|max|plus|preview|latest|v\d[\w.]*|r\d|\d+b)$/i;
const DAY = /\b(20\d{2}-\d{2}-\d{2})\b/g;
const MONTH =
  /\b(january|february|march|april|may|june|july|august|september|october|november|december)\s+(20\d{2})\b/i;
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const BUDGET = /(?:\$\s?\d[\d,.]*\s?[km]?|\b\d[\d,.]*\s?(?:usd|dollars))\b/i;

/**
 * Reads a question by rules. A short one in a thread that has gone on already ("and for support only?") continues what was
 * spoken of, so it is never unrelated.
 */
export function readQuestion(text: string, followsUp: boolean): Question {
  const intent =
    INTENT_WORDS.find(([, words]) => words.test(text))?.[0] ??
    (namedModels(text).length > 0 || followsUp ? 'overview' : 'unrelated');
  const budget = BUDGET.exec(text)?.[0].trim();
  return {
    intent,
    entities: {
      models: namedModels(text),
      dimensions: DIMENSIONS.filter((dimension) =>
        new RegExp(`\\b${dimension.replace('_', '[ _]')}s?\\b`, 'i').test(text),
      ),
      ...timeRange(text),
      ...(budget === undefined ? {} : { budget }),
    },
  };
}

/** Model names as they would stand in data: "GPT-5 mini" → gpt-5-mini. Words that only follow a name ("gpt-4o cost") are left out. */
function namedModels(text: string): string[] {
  const names = [...text.matchAll(/[\w.-]+(?:\s+[\w.-]+)*/g)].flatMap(([run]) => modelsIn(run.split(/\s+/)));
  return [...new Set(names)];
}

function modelsIn(words: readonly string[]): string[] {
  const found: string[] = [];
  let open: string[] = [];
  const close = () => {
    if (open.length > 0) found.push(open.join('-').toLowerCase().replace(/\.+$/, ''));
    open = [];
  };
  for (const word of words) {
    if (MODEL.test(word)) {
      close();
      open = [word];
    } else if (open.length > 0 && MODEL_PARTS.test(word)) open.push(word);
    else close();
  }
  close();
  return found;
}

/** Days that the question names; the last one is included, hence `to` is the day after it. */
function timeRange(text: string): { from?: string; to?: string } {
  const days = [...text.matchAll(DAY)]
    .map(([, day]) => day ?? '')
    .filter(isDay)
    .sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first !== undefined && last !== undefined) return { from: first, to: nextDay(last) };
  const [, month, year] = MONTH.exec(text) ?? [];
  if (month === undefined || year === undefined) return {};
  const index = MONTHS.indexOf(month.toLowerCase());
  return { from: dayText(Date.UTC(Number(year), index, 1)), to: dayText(Date.UTC(Number(year), index + 1, 1)) };
}

const isDay = (day: string): boolean => !Number.isNaN(Date.parse(day)) && dayText(Date.parse(day)) === day;
const nextDay = (day: string): string => dayText(Date.parse(day) + 86_400_000);
const dayText = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
