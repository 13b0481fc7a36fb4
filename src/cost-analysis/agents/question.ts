import { DIMENSIONS, type Dimension } from '../tools/usage-scope.js';
import { datesIn } from './asked-period.js';
import { mentionedModels } from './mentioned-models.js';

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
    /** The model in use that is to be replaced, and the one to replace it with, as the question names them. */
    readonly from_model?: string;
    readonly to_model?: string;
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

/** Words that stand for the cost of models or for data about it. "who", "why" or "compare" alone could be about anything. */
const ABOUT_COSTS =
  /\b(cost\w*|spen[dt]\w*|usage|bill\w*|invoice\w*|price\w*|pricing|token\w*|models?|llms?|ai|money|usd|dollars?|expens\w+|report|analy[sz]\w*|sav(e|es|ed|ings?)|cheaper|budget\w*|forecast\w*|run.?rate|anomal\w+|spik\w+|outlier\w*|unusual\w*|data|import\w*|unpriced|untagged|teams?|projects?|features?|providers?)\b/i;
const BUDGET = /(?:\$\s?\d[\d,.]*\s?[km]?|\b\d[\d,.]*\s?(?:usd|dollars))\b/i;

/**
 * Reads a question by rules. A short one in a thread that has gone on already ("and for support only?") continues what was
 * spoken of, so it is never unrelated.
 */
export function readQuestion(text: string, followsUp: boolean): Question {
  const { models, source, target } = mentionedModels(text);
  const isAbout = ABOUT_COSTS.test(text) || models.length > 0 || followsUp;
  const found = INTENT_WORDS.find(([, words]) => words.test(text))?.[0] ?? 'overview';
  const intent = isAbout ? found : 'unrelated';
  const budget = BUDGET.exec(text)?.[0].trim();
  return {
    intent,
    entities: {
      models,
      ...(source === undefined ? {} : { from_model: source }),
      // A single model in a question about savings is the one to move to, unless the words say otherwise.
      ...(target === undefined || intent !== 'savings' ? {} : { to_model: target }),
      dimensions: DIMENSIONS.filter((dimension) =>
        new RegExp(`\\b${dimension.replace('_', '[ _]')}s?\\b`, 'i').test(text),
      ),
      ...datesIn(text),
      ...(budget === undefined ? {} : { budget }),
    },
  };
}
