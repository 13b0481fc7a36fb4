import type { JsonObject } from '../../context/json.js';
import type { PlannedCall } from '../../models/plan.js';
import type { RunFacts } from '../reports/run-facts.js';
import type { Dimension } from '../tools/usage-scope.js';
import type { Intent } from './intent-words.table.js';
import { KnownNames, NAMES_MAX } from './known-names.js';
import { BARE_DIMENSIONS, mayName, spelled, valuesWithKind, wordsInNamePlace } from './named-values.js';
import type { Question } from './question.js';

/** A named value that the data does not have, and the names that it has; without a dimension, no name of any kind. */
type UnknownValue = {
  readonly dimension?: Dimension;
  readonly value: string;
  readonly known: readonly string[];
};

export type AskedScope = {
  readonly where: Partial<Record<Dimension, string>>;
  /** Names of one kind that the question holds against each other, or asks the share of: they limit nothing. */
  readonly named: Partial<Record<Dimension, readonly string[]>>;
  readonly unknown: readonly UnknownValue[];
};

const DIMENSIONS_MAX = 5;

/** The look at the names in the data that decides what a question's words stand for; none when it names nothing. */
export function namesCall(text: string, { entities }: Pick<Question, 'entities'>): PlannedCall | undefined {
  const values = valuesWithKind(text);
  const wanted = new Set<Dimension>([
    ...values.flatMap(({ dimension }) => dimension ?? []),
    ...(entities.models.length > 0 ? (['model'] as const) : []),
    ...(mayName(text) ? BARE_DIMENSIONS : []),
  ]);
  const dimensions = [...wanted].slice(0, DIMENSIONS_MAX);
  return dimensions.length === 0
    ? undefined
    : { tool: 'cost_breakdown', parameters: { dimensions, limit: NAMES_MAX } satisfies JsonObject };
}

type Asked = Pick<Question, 'intent' | 'entities' | 'topics'>;

/** What the question limits the analysis to, in the words of the data. */
export function askedScope(text: string, question: Asked, names: RunFacts): AskedScope {
  const { intent, entities } = question;
  const known = new KnownNames(names);
  const found = new Map<Dimension, Set<string>>();
  const add = (dimension: Dimension, name: string) =>
    found.set(dimension, (found.get(dimension) ?? new Set()).add(name));
  const unknown: UnknownValue[] = [];
  const explicit = valuesWithKind(text);
  for (const value of explicit) {
    const match = known.find(value);
    if (match !== undefined) add(match.dimension, match.name);
    else if (value.dimension !== undefined && known.isComplete(value.dimension))
      unknown.push({ dimension: value.dimension, value: value.value, known: known.shown(value.dimension) });
  }
  for (const { dimension, name } of known.namedIn(
    text,
    unknown.map(({ value }) => value),
  )) {
    const isSaid = [...found.values()].some((some) => some.has(name));
    if (!isSaid) add(dimension, name);
  }
  const said = [
    ...unknown.map(({ value }) => value),
    ...explicit.map(({ value }) => value),
    ...[...found.values()].flatMap((some) => [...some]),
    ...entities.models,
  ];
  unknown.push(...strangers({ text, intent }, said, known));
  const models = limitingModels(question, known);
  unknown.push(...models.unknown);
  for (const { dimension, name } of models.found) add(dimension, name);
  return { ...limits(intent, found), unknown };
}

/** One name of a kind limits; several are held against each other, and so is a single one whose share is asked for. */
function limits(
  intent: Intent,
  found: ReadonlyMap<Dimension, ReadonlySet<string>>,
): Pick<AskedScope, 'where' | 'named'> {
  const entries = [...found].map(([dimension, names]) => ({ dimension, names: [...names] }));
  const isNamed = ({ names }: { names: readonly string[] }): boolean => names.length > 1 || intent === 'share';
  return {
    where: Object.fromEntries(entries.flatMap((one) => (isNamed(one) ? [] : [[one.dimension, one.names[0] ?? '']]))),
    named: Object.fromEntries(entries.filter(isNamed).map(({ dimension, names }) => [dimension, names])),
  };
}

/** Intents that are wrong without the name that they name. */
const ABOUT_NAMES: ReadonlySet<Intent> = new Set<Intent>([
  'total',
  'comparison',
  'share',
  'trend',
  'peak',
  'units',
  'change',
  'forecast',
  'budget',
]);

function strangers(
  { text, intent }: { text: string; intent: Intent },
  said: readonly string[],
  known: KnownNames,
): UnknownValue[] {
  if (!ABOUT_NAMES.has(intent) || !known.isLookedUp) return [];
  const spoken = said.flatMap((name) => spelled(name).split('-'));
  return wordsInNamePlace(text)
    .filter(
      (word) =>
        !spelled(word)
          .split('-')
          .every((part) => spoken.includes(part)),
    )
    .filter((word) => known.near(word) === undefined)
    .map((value) => ({ value, known: known.shown('team') }));
}

const isAboutSaving = (intent: Intent): boolean => intent === 'savings' || intent === 'what_if' || intent === 'advice';

/** The models whose usage is meant: a model to move to is not one of them. Of a family ("claude") the one in use, else its provider. */
function limitingModels({ intent, entities, topics }: Asked, known: KnownNames) {
  const source = entities.from_model;
  const asked = isAboutSaving(intent) ? (source === undefined ? [] : [source]) : entities.models;
  const found: { dimension: Dimension; name: string }[] = [];
  const unknown: UnknownValue[] = [];
  for (const value of asked) {
    const match = known.model(value);
    if (match !== undefined) found.push(match);
    // A list price is asked of models that are not in use, too.
    else if (known.isComplete('model') && !topics.includes('prices'))
      unknown.push({ dimension: 'model', value, known: known.shown('model') });
  }
  // A model to leave is handed to the simulation.
  return { found: isAboutSaving(intent) ? [] : found, unknown };
}
