import { askedPeriods } from './asked-period.js';
import { withoutCourtesy } from './courtesy.js';
import type { Intent } from './intent-words.table.js';
import { grainOf, intentInWords, isAboutCosts, readAlone, type Question } from './question.js';
import { spelledRight } from './spelling.js';

/** So many questions back a thread is followed. */
const CONTINUED_MAX = 3;
/** How a question begins that goes on from the one before: "and for support only?", "same for last week". */
const TIED =
  /^\s*(and|but|what about|how about|same|also|only|just|i mean|i meant|compare (that|it|this)|((what|what's|what is|what was|and) )*(the )?differences?\b(?! between))\b/i;
/** How a fragment begins ("for support", "why that much?"), but a whole question as well ("on Tuesday, what did we spend?"). */
const LOOSE =
  /^\s*(now|ok(ay)?|no|yes|then|for|in|on|by|with|without|that|this|it|why|those|can you|could you|please|(can (i|we) (get|have|see)|keep) (it|that|this|them|those) (but )?(by|per)|break (it|that|this|them) down)\b/i;
const WHY_SENTENCE = /^\s*why\s+(is|are|was|were|do|does|did|has|have|had)\b/i;
/** What only the question before says what it stands for; "this week" says that itself. */
const POINTS_BACK =
  /\b(it|its|those|them|these|(that|this)(?! (day|week|month|quarter|year|data|(mon|tues|wednes|thurs|fri|satur|sun)day)\b))\b/i;
const DIMENSION_WORDS = /\b(models?|teams?|projects?|features?|users?|providers?)\b/gi;
const CONTINUING_WORDS_MAX = 9;
/** What leaves the limits of earlier questions behind. */
const STARTS_OVER = /\b(overall|in total|everything|altogether|all (teams|features|models|of it)|whole company)\b/i;
/** The same again, longer or shorter. */
const AGAIN =
  /\b((more |in |further |the )?detail(s|ed)?|elaborate|tell me more|dig deeper|go deeper|expand|longer)\b/i;
const SHORTER = /\b(summar\w+|short(er)?|in (one|a) sentence|tl;?dr|briefly)\b/i;
/** Again, of what was said: not "a detailed report on our costs". */
const POINTS_OR_SHORT = /\b(that|it|this|those)\b|^\W*(\w+\W+){0,4}$/i;
/** Words by which a short question points at something that was said. */
const FOLLOWS =
  /\b(it|that|those|this|them|same|only|instead|sure|week|month|day|yesterday|today|q[1-4]|(mon|tues|wednes|thurs|fri|satur|sun)day|differences?|compare|comparison|versus|vs)\b/i;

/** What was said, but not a time: "this week" says by itself when. */
const SAID = String.raw`(?:it|that|this|them|those)\b(?! (?:weeks?|months?|quarters?|years?|days?|mornings?)\b)`;
/** What to do about something that was said: "can we fix that?", "what can we do about it?". */
const REMEDY = new RegExp(
  [
    String.raw`\b(?:do(?! (?:we|i|you|they) (?:spend|pay|use)\b)|done|act|suggest|recommend|advise|options?|steps?|actions?)\b.{0,20}\b(?:about|against|with|on|for) ${SAID}`,
    String.raw`\b(?:fix|prevent|avoid|stop|solve|resolve|address|tackle|handle|reverse|undo|counter)\b.{0,12}\b${SAID}`,
    // Words as short as these mean much else: "can you get that by team?".
    String.raw`\b(?:bring|get|push|cut|keep) (?:it|that|this|them|those) (?:down|lower|under|back|in check)\b`,
    String.raw`^\W*(?:so |and |ok,? |then )*(?:what now|what next|what (?:can|could|should|must) (?:we|i) do(?: now| next)?|what do you (?:recommend|suggest|advise)|any (?:recommendations?|suggestions?|advice|ideas))\W*$`,
  ].join('|'),
  'i',
);
/** It wants figures told apart; "what can team data do about it?" names who is to act. */
const TELLS_APART = /\b(?:by|per|each|every|which|what)\s+(?:the )?(?:model|team|project|feature|user|provider)s?\b/i;

/** Every pattern by which a question goes on from the one before. */
export const FOLLOW_UP_WORDS: readonly RegExp[] = [
  REMEDY,
  TELLS_APART,
  TIED,
  LOOSE,
  WHY_SENTENCE,
  POINTS_BACK,
  DIMENSION_WORDS,
  STARTS_OVER,
  AGAIN,
  SHORTER,
  POINTS_OR_SHORT,
  FOLLOWS,
];

/**
 * Reads a question by rules. `earlier`: what the user asked before in the thread, oldest first. A short question that says little by itself ("and for
 * support only?") goes on from the one before, so it is never unrelated when that was not.
 */
export function readQuestion(text: string, earlier: readonly string[]): Question {
  const own = readAlone(text);
  const asked = earlier.filter((one) => asksSomething(readAlone(one)));
  const before = asked.at(-1);
  if (!asksSomething(own)) return own;
  if (before === undefined) return own.intent === 'unrelated' && isTimeAlone(text) ? { ...own, intent: 'total' } : own;
  const remedies = asksRemedy(text, own);
  if (!remedies && !goesOn(text, own)) return own;
  const base = readQuestion(before, asked.slice(-CONTINUED_MAX - 1, -1));
  const question = continuing(text, own, { base, before });
  return remedies && base.intent !== 'unrelated' ? { ...question, intent: 'advice', topics: [], remedies } : question;
}

const asksSomething = ({ courtesy, beyond }: Question): boolean => courtesy === undefined && beyond === undefined;

/** Periods are found, not read: any day will do. */
const ANY_DAY = '2000-12-31';
const BESIDE_TIME = /^(?:\W|\b(?:and|so|ok|what|how|about|in|on|for|during|the|of|then|now|please)\b)*$/i;

/** "And in July?" of nothing that was said before asks what was spent then. */
function isTimeAlone(text: string): boolean {
  const right = spelledRight(text);
  const [period, ...others] = askedPeriods(right, ANY_DAY);
  return period !== undefined && others.length === 0 && BESIDE_TIME.test(right.replace(period.words, ' '));
}

function continuing(text: string, own: Question, { base, before }: { base: Question; before: string }): Question {
  const { models, dimensions } = own.entities;
  const detailed = AGAIN.test(text);
  const right = spelledRight(text);
  const intent = continued(base, own, detailed || SHORTER.test(text) ? undefined : intentInWords(right));
  const grain = grainOf(right, intent);
  return {
    intent,
    topics: own.topics.length > 0 ? own.topics : base.topics,
    continues: STARTS_OVER.test(text) ? [] : [before, ...base.continues].slice(0, CONTINUED_MAX),
    ...(detailed ? { length: 'detailed' as const } : SHORTER.test(text) ? { length: 'brief' as const } : {}),
    entities: {
      ...undated(base.entities),
      ...own.entities,
      ...(grain === undefined ? {} : { grain }),
      models: models.length > 0 ? models : base.entities.models,
      dimensions: dimensions.length > 0 ? dimensions : base.entities.dimensions,
      // Another model in the place of the one that was asked about.
      ...(base.intent === 'what_if' && models.length === 1 && models[0] !== undefined ? { to_model: models[0] } : {}),
    },
  };
}

/** What the later question asks for, in words that say so; else the same as before. */
function continued(base: Question, own: Question, worded: Intent | undefined): Intent {
  if (base.intent === 'unrelated') return own.intent;
  if (own.intent === 'what_if') return own.intent;
  if (own.topics.length > 0) return 'savings';
  if (worded === undefined) return base.intent;
  return base.intent === 'what_if' && worded === 'savings' ? base.intent : worded;
}

/** Nothing that it names itself is to be done something about. */
const asksRemedy = (text: string, { entities, topics }: Question): boolean =>
  entities.models.length === 0 &&
  entities.budget === undefined &&
  topics.length === 0 &&
  !TELLS_APART.test(text) &&
  grainOf(spelledRight(text), 'trend') === undefined &&
  text.trim().split(/\s+/).length <= CONTINUING_WORDS_MAX &&
  REMEDY.test(withoutCourtesy(text));

/** A question that says by itself what it wants begins anew, unless it begins with a word that ties it to the one before. */
function goesOn(text: string, own: Question): boolean {
  if (text.trim().split(/\s+/).length > CONTINUING_WORDS_MAX) return false;
  const rest = withoutCourtesy(text);
  if (TIED.test(rest)) return true;
  if (LOOSE.test(text) || LOOSE.test(rest)) return !isWhole(rest, own);
  if ((AGAIN.test(text) || SHORTER.test(text)) && own.intent !== 'advice' && POINTS_OR_SHORT.test(text)) return true;
  return own.intent === 'unrelated' && FOLLOWS.test(text);
}

/** Whether it asks for something in words of its own and says of what; "by team" breaks down what was asked about before. */
function isWhole(text: string, own: Question): boolean {
  if (own.intent === 'unrelated' || intentInWords(text) === undefined || POINTS_BACK.test(text)) return false;
  return WHY_SENTENCE.test(text) || isAboutCosts(text.replace(DIMENSION_WORDS, ''));
}

/** The limits of time of an earlier question are looked up in its words, behind those of the later one. */
const undated = (entities: Question['entities']): Question['entities'] => {
  const rest = { ...entities };
  delete rest.from;
  delete rest.to;
  return rest;
};
