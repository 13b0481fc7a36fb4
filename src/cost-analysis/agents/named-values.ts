import { literalPattern } from '../reports/literal-pattern.js';
import type { Dimension } from '../tools/usage-scope.js';
import { isOneSlipAway } from './spelling.js';
import { KNOWN_WORDS, SUBJECT_WORDS, wordsOf } from './vocabulary.table.js';

/** A value that a question names; `dimension` only where its words say which. */
export interface NamedValue {
  readonly dimension: Dimension | undefined;
  readonly value: string;
}

/** What a question may name without saying what it is, in the order in which one that is several counts. */
export const BARE_DIMENSIONS = ['team', 'feature', 'project', 'provider'] as const satisfies readonly Dimension[];

const KINDS: Readonly<Record<string, Dimension>> = {
  team: 'team',
  department: 'team',
  project: 'project',
  feature: 'feature',
  provider: 'provider',
  vendor: 'provider',
  user: 'user',
  'api key': 'api_key',
  operation: 'operation',
  'service tier': 'service_tier',
};
const KIND = Object.keys(KINDS).join('|');
const VALUE = String.raw`["“'‘]?([\p{L}\p{N}][\p{L}\p{N}._@/-]*)`;
const WITH_KIND = new RegExp(String.raw`(?:([\w-]+)\s+)?\b(${KIND})\s+(?:called\s+|named\s+)?${VALUE}`, 'giu');
const BEFORE_KIND = /([\p{L}\p{N}][\p{L}\p{N}._-]*?)(?:['’]s)?\s+(team|department|project|feature)\b/giu;
/** Words before a kind after which the next word is no name: "which team is", "by team in". */
const ASKING =
  /^(which|what|each|every|per|by|any|all|most|other|expensive|a|an|the|our|my|your|their|this|that|whose|one|no|without|how|many|biggest|largest|top|first|last|same|and|or|single|\d+)$/i;
/** Words that follow a kind and are no name, though they may be one elsewhere. */
const AFTER_KIND =
  /^(is|are|was|were|has|have|had|do|does|did|costs?|spen[dt]s?|spending|uses?|used|using|usage|needs?|should|would|could|can|will|might|makes?|pays?|and|or|by|in|on|for|the|a|an|that|which|who|with|most|more|less|per|to|of|at|than|over|from|as|grew|grows?|bill|budget|breakdown|level|split|report|total|totals|drives?|caused?|name|names|last|this|next|yesterday|today|since|between|compared?|vs|versus|only|(mon|tues|wednes|thurs|fri|satur|sun)days?)$/i;

/** What a question names with its kind: "team support", "the data team". */
export function valuesWithKind(text: string): NamedValue[] {
  const after = [...text.matchAll(WITH_KIND)].flatMap(([, lead = '', kind = '', value = '']): NamedValue[] => {
    const isAsked = ASKING.test(lead) && !/^(the|our|my|and|or|a|by)$/i.test(lead);
    return isAsked || AFTER_KIND.test(bare(value))
      ? []
      : [{ dimension: KINDS[kind.toLowerCase()], value: bare(value) }];
  });
  const before = [...text.matchAll(BEFORE_KIND)].flatMap(([, value = '', kind = '']): NamedValue[] =>
    ASKING.test(value) || isGrammar(value) ? [] : [{ dimension: KINDS[kind.toLowerCase()], value: bare(value) }],
  );
  return [...after, ...before];
}

/** Words of the subject may be names ("the data team"), other known words hardly. */
const isGrammar = (word: string): boolean =>
  wordsOf(word).every((part) => KNOWN_WORDS.has(part) && !SUBJECT_WORDS.has(part));

const bare = (value: string): string => value.replace(/[.,;:?!'’”"]+$/, '').replace(/['’]s$/, '');

const NAME_FOLLOWS = String.raw`\b(?:for|by|on|did|does|do|has|and|or|vs\.?|versus|compare|than|with)\s+`;
const NAME_ENDS = String.raw`\s*(?:$|[?.!,]|\b(?:spend|spent|spending|cost|costs|use|uses|pay|pays|and|or|vs|versus|with|only|last|this|in|on)\b)`;

/** A name that is an ordinary word ("data") is meant only where a name can stand. */
const MAY_BE_NAMES = new RegExp(
  String.raw`\b(?:data|finance|billing|business|messages?|conversations?|quer(?:y|ies)|api|gateway|environment|cache|batch|company)['’]s\b|${NAME_FOLLOWS}(?:data|finance|billing|business|api|gateway|batch)${NAME_ENDS}`,
  'i',
);

/** Whether a text names something by itself, so that it is worth looking up the names that the data has. */
export const mayName = (text: string): boolean => MAY_BE_NAMES.test(text) || strangeWords(text).length > 0;

/** "Q2", "1k" and the like are times and amounts. */
const AMOUNT = /^(?:[qh][1-4]|\d[\d.,]*[km]?|\d+(?:st|nd|rd|th)|v?\d.*)$/i;

const strangeWords = (text: string): string[] =>
  text
    .split(/\s+/)
    .filter((word) => !AMOUNT.test(word.replace(/[^\p{L}\p{N}.,]+$/u, '')))
    .flatMap(wordsOf)
    .filter((word) => word.length > 1 && !KNOWN_WORDS.has(word));

/** The names among `known` that a text names without their kind, in the order in which they stand in it; of two that overlap the longer one. */
export function namesIn(text: string, known: readonly string[]): string[] {
  const asked = spelled(text.replace(/['’]s\b/g, ''));
  let rest = `-${asked}-`;
  const found: { name: string; at: number }[] = [];
  for (const name of [...known].sort((a, b) => b.length - a.length)) {
    const words = `-${spelled(name)}-`;
    const at = rest.indexOf(words);
    if (at < 0 || words.length < 4 || (isOrdinary(name) && !standsAsName(text, name))) continue;
    found.push({ name, at });
    rest = rest.replace(words, `-${'#'.repeat(words.length - 2)}-`);
  }
  return found.sort((a, b) => a.at - b.at).map(({ name }) => name);
}

const isOrdinary = (name: string): boolean => wordsOf(name).every((word) => KNOWN_WORDS.has(word));

function standsAsName(text: string, name: string): boolean {
  const word = literalPattern(name);
  return new RegExp(
    String.raw`(?<!\b(?:the|our|usage|your|my)\s)\b${word}['’]s\b|${NAME_FOLLOWS}${word}${NAME_ENDS}`,
    'iu',
  ).test(text);
}

/** The one name that a word is a part or a slip of: "chat" is chat-assistant where nothing else is. */
export function nearName(word: string, known: readonly string[]): string | undefined {
  const parts = known.filter((name) => spelled(name).split('-').includes(word));
  if (parts.length === 1) return parts[0];
  const slips = known.filter((name) => isOneSlipAway(word, name.toLowerCase()));
  return slips.length === 1 ? slips[0] : undefined;
}

const IN_NAME_PLACE =
  /\b(?:(?:on|for|of|by|from|versus|vs\.?|with|compare|at)\s+(?:the\s+|our\s+|my\s+)?|(?:did|does|has|is|and|or|can|could|used?)\s+)([\p{L}][\p{L}\p{N}_-]*)/giu;

/** Unknown words that stand where names stand, and no word of another kind: "What did we spend on mistral?" */
export const wordsInNamePlace = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(IN_NAME_PLACE)].flatMap(([, value = '']) =>
      strangeWords(value).length > 0 ? [bare(value)] : [],
    ),
  ),
];

/** A name as it is compared: "Claude Sonnet 4.5" and claude-sonnet-4-5 are one. */
export const spelled = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
