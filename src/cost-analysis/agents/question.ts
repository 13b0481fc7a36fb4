import { DIMENSIONS, type Dimension } from '../tools/usage-scope.js';
import { datesIn } from './asked-period.js';
import { beyondOf, type Beyond } from './beyond.js';
import { courtesyOf, type Courtesy } from './courtesy.js';
import { INTENT_WORDS, type Intent } from './intent-words.table.js';
import { mentionedModels } from './mentioned-models.js';
import { savingTopics, type SavingTopic } from './saving-topics.js';
import { spelledRight } from './spelling.js';
import { KNOWN_WORDS, SUBJECT_WORDS, wordsOf } from './vocabulary.table.js';

/** What a question asks for, and what it names. Days are YYYY-MM-DD; `to` is exclusive; the budget is as written, e.g. "$5,000". */
export type Question = {
  readonly intent: Intent;
  /** What an unrelated question would ask for if its words were names in the data: "Compare support and sales". */
  readonly perhaps?: Exclude<Intent, 'unrelated'>;
  readonly courtesy?: Courtesy;
  readonly beyond?: Beyond;
  /** The part of a message that it reads, where that asks more than one answer can say; `also`: the rest. */
  readonly asked?: string;
  readonly also?: readonly string[];
  /** Single ways to save that it asks about. */
  readonly topics: readonly SavingTopic[];
  /** Earlier questions of the thread that it goes on from, the latest first; what it does not name itself is as it was there. */
  readonly continues: readonly string[];
  /** It asks for the same in more detail, or for the gist of it. */
  readonly length?: 'detailed' | 'brief';
  /** It asks what to do about what was found before. */
  readonly remedies?: true;
  /** It asks what another volume of use would cost. */
  readonly scenario?: 'volume';
  readonly entities: {
    readonly models: readonly string[];
    /** The model in use that is to be replaced, and the one to replace it with, as the question names them. */
    readonly from_model?: string;
    readonly to_model?: string;
    readonly dimensions: readonly Dimension[];
    readonly from?: string;
    readonly to?: string;
    readonly budget?: string;
    /** By what time spend is to be shown. */
    readonly grain?: Grain;
  };
};

export const GRAINS = ['day', 'week', 'month'] as const;
export type Grain = (typeof GRAINS)[number];

/** Words that stand for the cost of models or for data about it. "who", "why" or "compare" alone could be about anything. */
const ABOUT_COSTS =
  /\b(cost\w*|spen[dt]\w*|usage|bill\w*|invoice\w*|price\w*|pricing|pay|paid|paying|token\w*|models?|llms?|ai|money|usd|dollars?|expens\w+|report|analy[sz]\w*|sav(e|es|ed|ings?)|cheaper|budget\w*|forecast\w*|(run|burn).?rate|cost drivers?|(?:tell|show|report to|brief) (?:the |our |my )?(?:cfo|ceo|board|boss|management|leadership)|anomal\w+|spik\w+|outlier\w*|unusual\w*|data|import\w*|unpriced|untagged|cach\w+|batch\w*|retr(?:y|ies)|latenc\w+|commitments?|teams?|projects?|features?|providers?|vendors?|requests?|wast\w+|overcharg\w*)\b/i;
const AMOUNT = String.raw`\d[\d,]*(?:\.\d+)?\s?[km]?\b`;
const BUDGET = new RegExp(String.raw`(?:[$€]\s?${AMOUNT}|\b${AMOUNT}\s?(?:usd|dollars|euros?)\b)`, 'i');
/** A bare number is an amount only where a limit is named. */
const LIMIT = new RegExp(
  String.raw`(?<=\b(?:budget|budget of|budget is|limit of|under|within|below|exceed|over|above)\s+)${AMOUNT}(?!\s*(?:%|percent|days?|weeks?|months?))`,
  'i',
);

const SCENARIO =
  /\bif\b.*\b(traffic|volume|usage|requests?|calls|users?|demand|load|customers?)\b.*\b(doubl\w*|tripl\w*|gr[eo]w\w*|increas\w*|ris\w*|drop\w*|fall\w*|halv\w*|more|less|go(es)?|up|down)\b/i;
const WOULD = /\b(would|if|instead)\b/i;
/** It asks what a cache did, not what one would do. */
const CACHED_SO_FAR = /\b(hit rate|cache hits?|(did|do|have|has) (we|caching|the cache) (already )?sav\w+)\b/i;
const LIST_PRICE = /\b(list prices?|price list|prices? of|cost per|per (1|one|a )?\s?m(illion)?\b)/i;

const GRAIN_WORDS: readonly (readonly [Grain, RegExp])[] = [
  ['day', /\b(daily|days?\b(?! ?s)|per day|day by day)\b/i],
  ['week', /\b(weekly|(per|by|each|every|a) week|week.(over|on|by).week)\b/i],
  ['month', /\b(monthly|(per|by|each|every|a) month|month.(over|on|by).month)\b/i],
];
/** What goes on moving is no matter of single days. */
const ONGOING =
  /\b(?:is|are|keeps?|been|be|constantly|still)\b.{0,40}\b(?:going|getting|rising|increasing|growing|climbing|creeping)\b/i;
const PEAK_GRAINS: readonly (readonly [Grain, RegExp])[] = [
  ['week', /\bweeks?\b/i],
  ['month', /\bmonths?\b/i],
];
const BY_GRAIN: ReadonlySet<Intent> = new Set(['trend', 'peak', 'total', 'units']);

const OF_TOPICS: ReadonlySet<Intent> = new Set([
  'total',
  'comparison',
  'share',
  'breakdown',
  'trend',
  'units',
  'overview',
]);
const CAN_BE_WHAT_IF: ReadonlySet<Intent> = new Set([
  'savings',
  'total',
  'comparison',
  'change',
  'units',
  'forecast',
  'overview',
]);

/** What the words of a question ask for; undefined when none of them says. */
export const intentInWords = (text: string): Exclude<Intent, 'unrelated' | 'what_if'> | undefined =>
  INTENT_WORDS.find(([, words]) => words.test(text))?.[0];

export const isAboutCosts = (text: string): boolean => ABOUT_COSTS.test(text);

/** Words that are neither grammar nor of the subject: names, or what another subject is about. */
const strangeWords = (text: string): string[] =>
  wordsOf(text).filter((word) => word.length > 1 && !KNOWN_WORDS.has(word));

/** Reads a question by rules, as if nothing had been asked before it. */
export function readAlone(written: string): Question {
  const beyond = beyondOf(written);
  if (beyond !== undefined)
    return { intent: 'unrelated', beyond, topics: [], continues: [], entities: { models: [], dimensions: [] } };
  const text = spelledRight(written);
  const { models, source, target } = mentionedModels(written);
  const leaves = source !== undefined && target === undefined && WOULD.test(text);
  const courtesy = models.length > 0 ? undefined : courtesyOf(text);
  const worded = courtesy === undefined ? intentInWords(text) : undefined;
  const topics = courtesy === undefined ? askedTopics(text, models) : [];
  const isAbout = courtesy === undefined && (isAboutCosts(text) || models.length > 0 || isPlain(text, worded));
  const intent = isAbout ? (leaves ? 'savings' : intentOf(text, { worded, topics, models, target })) : 'unrelated';
  const budget = (BUDGET.exec(text) ?? LIMIT.exec(text))?.[0].trim();
  const grain = grainOf(text, intent);
  return {
    intent,
    ...(intent === 'unrelated' && courtesy === undefined ? { perhaps: worded ?? 'total' } : {}),
    ...(courtesy === undefined ? {} : { courtesy }),
    topics: intent === 'unrelated' ? [] : topics,
    continues: [],
    ...(SCENARIO.test(text) ? { scenario: 'volume' as const } : {}),
    entities: {
      models,
      ...(source === undefined ? {} : { from_model: source }),
      // A single model in a question about savings is the one to move to, unless the words say otherwise.
      ...(target === undefined || intent !== 'what_if' ? {} : { to_model: target }),
      dimensions: DIMENSIONS.filter((dimension) => isNamedDimension(text, dimension)),
      ...datesIn(text),
      ...(budget === undefined ? {} : { budget }),
      ...(grain === undefined ? {} : { grain }),
    },
  };
}

/** Nothing in it is about anything else, and some of it asks: "Give me the monthly trend". */
const isPlain = (text: string, worded: Intent | undefined): boolean =>
  worded !== undefined &&
  strangeWords(text).length === 0 &&
  (wordsOf(text).some((word) => SUBJECT_WORDS.has(word)) || !GENERAL.has(worded));

/** Words of these intents are used of everything. */
const GENERAL: ReadonlySet<Intent> = new Set(['total', 'overview', 'units']);

interface Worded {
  readonly worded: ReturnType<typeof intentInWords>;
  readonly topics: readonly SavingTopic[];
  readonly models: readonly string[];
  readonly target: string | undefined;
}

function intentOf(text: string, { worded, topics, models, target }: Worded): Intent {
  if (SCENARIO.test(text) && models.length === 0) return 'forecast';
  if (CACHED_SO_FAR.test(text)) return 'units';
  // "How much do retries cost?" is about what they waste, not about the total.
  const found =
    topics.length > 0 && (worded === undefined || OF_TOPICS.has(worded)) ? 'savings' : (worded ?? 'overview');
  if (target === undefined || topics.includes('prices')) return found;
  return found === 'savings' || (CAN_BE_WHAT_IF.has(found) && WOULD.test(text)) ? 'what_if' : found;
}

function askedTopics(text: string, models: readonly string[]): SavingTopic[] {
  const found = savingTopics(text).filter((topic) => topic !== 'caching' || !CACHED_SO_FAR.test(text));
  const isListPrice = models.length > 0 && LIST_PRICE.test(text) && !/\b(we|us|our)\b/i.test(text);
  if (isListPrice) return ['prices'];
  return found.filter((topic) => topic !== 'prices' || models.length > 0 || /\bprice list|list price/i.test(text));
}

/** By what time a question that asks for this wants spend shown. */
export function grainOf(text: string, intent: Intent): Grain | undefined {
  if (intent === 'change' && ONGOING.test(text)) return 'month';
  if (!BY_GRAIN.has(intent)) return undefined;
  if (intent === 'peak') return PEAK_GRAINS.find(([, words]) => words.test(text))?.[0] ?? 'day';
  return GRAIN_WORDS.find(([, words]) => words.test(text))?.[0];
}

const WORDS_OF_DIMENSIONS: Readonly<Partial<Record<Dimension, string>>> = {
  provider: 'provider|vendor',
  team: 'team|department',
  api_key: 'api[ _-]?key',
};

/** Words that mean much else: dimensions only where something is told apart. */
const TOLD_APART: ReadonlySet<Dimension> = new Set<Dimension>(['operation', 'status', 'source', 'service_tier']);

function isNamedDimension(text: string, dimension: Dimension): boolean {
  const lead = TOLD_APART.has(dimension) ? '(?:by|per|each|every|which|what) (?:the )?' : '';
  const words = WORDS_OF_DIMENSIONS[dimension] ?? dimension.replace('_', '[ _]');
  return new RegExp(`\\b${lead}(?:${words})s?\\b`, 'i').test(text);
}
