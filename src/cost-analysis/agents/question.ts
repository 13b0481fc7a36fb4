import { DIMENSIONS, type Dimension } from '../tools/usage-scope.js';
import { datesIn } from './asked-period.js';
import { mentionedModels } from './mentioned-models.js';
import { savingTopics, type SavingTopic } from './saving-topics.js';

export const INTENTS = [
  'overview',
  'total',
  'breakdown',
  'comparison',
  'trend',
  'change',
  'anomaly',
  'forecast',
  'budget',
  'savings',
  'what_if',
  'data_quality',
  'unrelated',
] as const;
export type Intent = (typeof INTENTS)[number];

/** What a question asks for, and what it names. Days are YYYY-MM-DD; `to` is exclusive; the budget is as written, e.g. "$5,000". */
export type Question = {
  readonly intent: Intent;
  /** Single ways to save that it asks about. */
  readonly topics: readonly SavingTopic[];
  /** Earlier questions of the thread that it goes on from, the latest first; what it does not name itself is as it was there. */
  readonly continues: readonly string[];
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
const INTENT_WORDS: readonly (readonly [Exclude<Intent, 'unrelated' | 'what_if'>, RegExp])[] = [
  [
    'savings',
    /\b(sav\w+|cheaper|reduc\w+|cut\w*|optimi[sz]\w+|substitut\w+|switch\w*|instead of|replace\w*|waste\w*|lower|what if)\b/i,
  ],
  ['budget', /\b(budget\w*|overspen\w+)\b/i],
  [
    'forecast',
    /\b(forecast\w*|predict\w*|project(ed|ion)s?|next (week|month|quarter|year)|will (we|it|i) (spend|cost)|run.?rate)\b/i,
  ],
  [
    'change',
    /\b(why|explain\w*|what (caused|drove|happened|changed)|jump\w*|rise|rose|risen|increas\w+|decreas\w+|drop(s|ped)?|fell|(went|go|gone|going) (up|down)|chang(e|es|ed))\b/i,
  ],
  ['anomaly', /\b(anomal\w+|spik\w+|unusual\w*|outlier\w*|surge\w*|sudden\w*|strange)\b/i],
  ['data_quality', /\b(missing|data quality|import\w*|upload\w*|coverage|unpriced|untagged)\b/i],
  ['comparison', /\b(compar\w+|versus|vs\.?|difference between)(?=\W|$)/i],
  ['trend', /\b(trend\w*|over time|growth|grow\w*|develop\w*|per (day|week|month)|daily|weekly|monthly)\b/i],
  [
    'breakdown',
    /\b(by (model|team|project|feature|user|provider)|break\w* ?down|which (model|team|project|feature|user|provider)s?|who|top|most expensive|where does)\b/i,
  ],
  ['overview', /\b(analy[sz]\w*|report|overview|summar\w+)\b/i],
  ['total', /\b(how (much|many)|total|what (did|do|does|have|has) .{1,40}(spen[dt]|cost)|spent)\b/i],
];

/** Words that stand for the cost of models or for data about it. "who", "why" or "compare" alone could be about anything. */
const ABOUT_COSTS =
  /\b(cost\w*|spen[dt]\w*|usage|bill\w*|invoice\w*|price\w*|pricing|token\w*|models?|llms?|ai|money|usd|dollars?|expens\w+|report|analy[sz]\w*|sav(e|es|ed|ings?)|cheaper|budget\w*|forecast\w*|run.?rate|anomal\w+|spik\w+|outlier\w*|unusual\w*|data|import\w*|unpriced|untagged|cach\w+|batch\w*|retr(?:y|ies)|latenc\w+|commitments?|teams?|projects?|features?|providers?)\b/i;
const BUDGET = /(?:\$\s?\d[\d,.]*\s?[km]?|\b\d[\d,.]*\s?(?:usd|dollars))\b/i;

/** So many questions back a thread is followed. */
const CONTINUED_MAX = 3;
/** How a question begins that goes on from the one before: "and for support only?", "same for last week". */
const TIED = /^\s*(and|but|what about|how about|same|also|only|just)\b/i;
/** How a fragment begins ("for support", "why that much?"), but a whole question as well ("on Tuesday, what did we spend?"). */
const LOOSE = /^\s*(now|ok(ay)?|then|for|in|on|by|with|without|that|this|it|why|those)\b/i;
const WHY_SENTENCE = /^\s*why\s+(is|are|was|were|do|does|did|has|have|had)\b/i;
/** What only the question before says what it stands for; "this week" says that itself. */
const POINTS_BACK =
  /\b(it|its|those|them|these|(that|this)(?! (day|week|month|quarter|year|data|(mon|tues|wednes|thurs|fri|satur|sun)day)\b))\b/i;
const DIMENSION_WORDS = /\b(models?|teams?|projects?|features?|users?|providers?)\b/gi;
const CONTINUING_WORDS_MAX = 8;
/** What leaves the limits of earlier questions behind. */
const STARTS_OVER = /\b(overall|in total|everything|altogether|all (teams|features|models|of it)|whole company)\b/i;

/**
 * Reads a question by rules. `earlier`: what the user asked before in the thread, oldest first. A short question that says little by itself ("and for
 * support only?") goes on from the one before, so it is never unrelated when that was not.
 */
export function readQuestion(text: string, earlier: readonly string[]): Question {
  const own = readAlone(text);
  const before = earlier.at(-1);
  if (before === undefined || !goesOn(text, own)) return own;
  const base = readQuestion(before, earlier.slice(-CONTINUED_MAX - 1, -1));
  const { models, dimensions } = own.entities;
  return {
    intent: continued(base.intent, own.intent, ownIntent(text)),
    topics: own.topics.length > 0 ? own.topics : base.topics,
    continues: STARTS_OVER.test(text) ? [] : [before, ...base.continues].slice(0, CONTINUED_MAX),
    entities: {
      ...undated(base.entities),
      ...own.entities,
      models: models.length > 0 ? models : base.entities.models,
      dimensions: dimensions.length > 0 ? dimensions : base.entities.dimensions,
      // Another model in the place of the one that was asked about.
      ...(base.intent === 'what_if' && models.length === 1 ? { to_model: models[0] } : {}),
    },
  };
}

/** What the later question asks for, in words that say so; else the same as before. */
function continued(before: Intent, own: Intent, worded: Intent | undefined): Intent {
  if (before === 'unrelated') return own;
  if (own === 'what_if' || worded === undefined) return own === 'what_if' ? own : before;
  return before === 'what_if' && worded === 'savings' ? before : worded;
}

/** A question that says by itself what it wants begins anew, unless it begins with a word that ties it to the one before. */
function goesOn(text: string, own: Question): boolean {
  if (text.trim().split(/\s+/).length > CONTINUING_WORDS_MAX) return false;
  if (TIED.test(text)) return true;
  if (LOOSE.test(text)) return !isWhole(text, own);
  return own.intent === 'unrelated' && FOLLOWS.test(text);
}

/** Whether it asks for something in words of its own and says of what; "by team" breaks down what was asked about before. */
function isWhole(text: string, own: Question): boolean {
  if (own.intent === 'unrelated' || ownIntent(text) === undefined || POINTS_BACK.test(text)) return false;
  return WHY_SENTENCE.test(text) || ABOUT_COSTS.test(text.replace(DIMENSION_WORDS, ''));
}

/** Words by which a short question points at something that was said. */
const FOLLOWS =
  /\b(it|that|those|this|them|same|only|instead|week|month|day|yesterday|today|(mon|tues|wednes|thurs|fri|satur|sun)day)\b/i;

/** The limits of time of an earlier question are looked up in its words, behind those of the later one. */
const undated = (entities: Question['entities']): Question['entities'] => {
  const rest = { ...entities };
  delete rest.from;
  delete rest.to;
  return rest;
};

const ownIntent = (text: string) => INTENT_WORDS.find(([, words]) => words.test(text))?.[0];

const OF_TOPICS: ReadonlySet<Intent> = new Set(['total', 'comparison', 'breakdown', 'trend']);

function readAlone(text: string): Question {
  const { models, source, target } = mentionedModels(text);
  const topics = savingTopics(text);
  const isAbout = ABOUT_COSTS.test(text) || models.length > 0;
  const worded = ownIntent(text);
  // "How much do retries cost?" is about what they waste, not about the total.
  const found =
    topics.length > 0 && (worded === undefined || OF_TOPICS.has(worded)) ? 'savings' : (worded ?? 'overview');
  const intent: Intent = !isAbout ? 'unrelated' : found === 'savings' && target !== undefined ? 'what_if' : found;
  const budget = BUDGET.exec(text)?.[0].trim();
  return {
    intent,
    topics: intent === 'unrelated' ? [] : topics,
    continues: [],
    entities: {
      models,
      ...(source === undefined ? {} : { from_model: source }),
      // A single model in a question about savings is the one to move to, unless the words say otherwise.
      ...(target === undefined || intent !== 'what_if' ? {} : { to_model: target }),
      dimensions: DIMENSIONS.filter((dimension) =>
        new RegExp(`\\b${dimension.replace('_', '[ _]')}s?\\b`, 'i').test(text),
      ),
      ...datesIn(text),
      ...(budget === undefined ? {} : { budget }),
    },
  };
}
