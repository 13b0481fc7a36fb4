import type { JsonObject } from '../../context/json.js';
import type { PlannedCall } from '../../models/plan.js';
import type { RunFacts } from '../reports/run-facts.js';
import { DIMENSIONS, type Dimension } from '../tools/usage-scope.js';
import type { Question } from './question.js';

/** A value that a question names with its dimension, or by itself after a preposition (then without a dimension). */
interface NamedValue {
  readonly dimension: Dimension | undefined;
  readonly value: string;
}

/** A named value that the data does not have, and the names that it has. */
type UnknownValue = { readonly dimension: Dimension; readonly value: string; readonly known: readonly string[] };

export type AskedScope = {
  readonly where: Partial<Record<Dimension, string>>;
  readonly unknown: readonly UnknownValue[];
};

const NAMES_MAX = 50;
const KNOWN_SHOWN_MAX = 10;
const DIMENSIONS_MAX = 5;
const BARE_DIMENSIONS: readonly Dimension[] = ['team', 'feature', 'project', 'provider'];
const WITH_DIMENSION =
  /(?:\b([\w-]+)\s+)?\b(team|project|feature|provider|user|api key|operation|service tier)\s+(?:called\s+|named\s+)?["“'‘]?([\p{L}\p{N}][\p{L}\p{N}._@/-]*)/giu;
const AFTER_PREPOSITION =
  /\b(?:for|on|in|of|at|by|from|only)\s+(?:the\s+|our\s+)?([\p{L}\p{N}][\p{L}\p{N}._-]*)(?:\s+([\p{L}\p{N}._-]+))?/giu;
const BEFORE_DIMENSION = /\b([\p{L}\p{N}._-]+)(?:'s|’s)?\s+(?:team|project|feature)\b/giu;
/** Words before a dimension after which the next word is no name: "which team is", "by team in". */
const ASKING = /^(which|what|each|every|per|by|any|all|most|other|expensive|a|our|whose|one|no)$/i;
const NO_NAME =
  /^(is|are|was|were|has|have|had|do|does|did|costs?|spen[dt]s?|spending|uses?|used|using|usage|needs?|should|would|could|can|will|might|makes?|pays?|and|or|by|in|on|for|the|a|an|that|which|who|with|most|per|to|of|at|than|over|from|as|bill|breakdown|level|split|report|total|drives?|caused?|name|names|data|last|this|next|(mon|tues|wednes|thurs|fri|satur|sun)days?)$/i;

function namedValues(text: string): NamedValue[] {
  const explicit = [...text.matchAll(WITH_DIMENSION)].flatMap(
    ([, before = '', word = '', value = '']): NamedValue[] => {
      const dimension = DIMENSIONS.find((one) => one === word.toLowerCase().replace(' ', '_'));
      return dimension === undefined || ASKING.test(before) || NO_NAME.test(value)
        ? []
        : [{ dimension, value: bare(value) }];
    },
  );
  const after = [...text.matchAll(AFTER_PREPOSITION)].flatMap(([, one = '', two]) =>
    two === undefined ? [one] : [`${one}-${two}`, one],
  );
  const before = [...text.matchAll(BEFORE_DIMENSION)].map(([, one = '']) => one);
  const alone = [...after, ...before]
    .map(bare)
    .filter((value) => value !== '' && !NO_NAME.test(value) && !ASKING.test(value));
  return [...explicit, ...[...new Set(alone)].map((value) => ({ dimension: undefined, value }))];
}

const bare = (value: string): string => value.replace(/[.,;:?!'’”"]+$/, '');

/** The look at the names in the data that decides what a question's words stand for; none when it names nothing. */
export function namesCall(text: string, { entities }: Question): PlannedCall | undefined {
  const values = namedValues(text);
  const wanted = new Set<Dimension>([
    ...values.flatMap(({ dimension }) => dimension ?? []),
    ...(entities.models.length > 0 ? (['model'] as const) : []),
    ...(values.some(({ dimension }) => dimension === undefined) ? BARE_DIMENSIONS : []),
  ]);
  const dimensions = [...wanted].slice(0, DIMENSIONS_MAX);
  return dimensions.length === 0
    ? undefined
    : { tool: 'cost_breakdown', parameters: { dimensions, limit: NAMES_MAX } satisfies JsonObject };
}

/** What the question limits the analysis to, in the words of the data. */
export function askedScope(text: string, { intent, entities }: Question, names: RunFacts): AskedScope {
  const where: Partial<Record<Dimension, string>> = {};
  const several = new Set<string>();
  const unknown: UnknownValue[] = [];
  const find = (dimension: Dimension, value: string) =>
    knownNames(names, dimension).find((name) => isNamed(name, value));
  const isComplete = (dimension: Dimension): boolean => {
    const entries = names.fact('cost_breakdown', `${dimension}.entries`);
    return entries !== undefined && Number(entries.value) <= NAMES_MAX;
  };
  const named = namedValues(text);
  const models = isAboutSaving(intent)
    ? sources(entities)
    : entities.models.map((value) => ({ dimension: 'model' as const, value }));
  for (const { dimension, value } of [...named, ...models]) {
    const candidates = dimension === undefined ? BARE_DIMENSIONS : [dimension];
    const found = candidates.find((one) => find(one, value) !== undefined);
    const name = found === undefined ? undefined : find(found, value);
    if (found !== undefined && name !== undefined) {
      if (where[found] !== undefined && where[found] !== name) several.add(found);
      where[found] ??= name;
    } else if (dimension !== undefined && isComplete(dimension))
      unknown.push({ dimension, value, known: knownNames(names, dimension).slice(0, KNOWN_SHOWN_MAX) });
  }
  // Two models are compared, and a model to leave is handed to the simulation: neither limits the rest.
  if (models.length !== 1 || isAboutSaving(intent)) delete where.model;
  // What is compared with each other limits nothing.
  const isLimit = ([dimension]: [string, string]): boolean => intent !== 'comparison' || !several.has(dimension);
  return { where: Object.fromEntries(Object.entries(where).filter(isLimit)), unknown };
}

const isAboutSaving = (intent: Question['intent']): boolean => intent === 'savings' || intent === 'what_if';

const sources = ({ from_model: value }: Question['entities']): { dimension: 'model'; value: string }[] =>
  value === undefined ? [] : [{ dimension: 'model', value }];

const knownNames = (names: RunFacts, wanted: Dimension): string[] =>
  (names.report('cost_breakdown')?.rows ?? []).flatMap(({ dimension, name }) =>
    dimension === wanted && typeof name === 'string' ? [name] : [],
  );

/** "Claude Sonnet 4.5" is claude-sonnet-4-5, and claude-sonnet-4-5-20250929 as well. */
export const isNamed = (name: string, value: string): boolean => {
  const [known, asked] = [spelled(name), spelled(value)];
  return (
    known === asked ||
    (known.startsWith(`${asked}-`) &&
      /^[\d-]+$/.test(known.slice(asked.length)) &&
      /^\D/.test(asked) &&
      known.length >= asked.length + 7)
  );
};

const spelled = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
