import type { RunFacts } from '../reports/run-facts.js';
import type { Dimension } from '../tools/usage-scope.js';
import { BARE_DIMENSIONS, namesIn, nearName, spelled, wordsInNamePlace, type NamedValue } from './named-values.js';

/** So many names of each kind are looked up; with more, one that was not found may still be there. */
export const NAMES_MAX = 50;
const KNOWN_SHOWN_MAX = 10;

/** Whose models a family is, where several of them are in use. */
const FAMILY_PROVIDERS: Readonly<Record<string, string>> = { claude: 'anthropic', gpt: 'openai', gemini: 'google' };

/** The names that a look at the data found. */
export class KnownNames {
  constructor(private readonly names: RunFacts) {}

  get isLookedUp(): boolean {
    return BARE_DIMENSIONS.every((dimension) => this.isComplete(dimension));
  }

  of(wanted: Dimension): string[] {
    return (this.names.report('cost_breakdown')?.rows ?? []).flatMap(({ dimension, name }) =>
      dimension === wanted && typeof name === 'string' ? [name] : [],
    );
  }

  shown(dimension: Dimension): string[] {
    return this.of(dimension).slice(0, KNOWN_SHOWN_MAX);
  }

  isComplete(dimension: Dimension): boolean {
    const entries = this.names.fact('cost_breakdown', `${dimension}.entries`);
    return entries !== undefined && Number(entries.value) <= NAMES_MAX;
  }

  find({ dimension, value }: NamedValue): { dimension: Dimension; name: string } | undefined {
    const candidates = dimension === undefined ? BARE_DIMENSIONS : [dimension];
    for (const one of candidates) {
      const all = this.of(one);
      const name = all.find((known) => isNamed(known, value)) ?? nearName(spelled(value), all);
      if (name !== undefined) return { dimension: one, name };
    }
    return undefined;
  }

  /** Names without their kind: one that is of several kinds counts as the first of them. */
  namedIn(text: string, unknown: readonly string[]): { dimension: Dimension; name: string }[] {
    const kinds = new Map<string, Dimension>();
    for (const dimension of BARE_DIMENSIONS)
      for (const name of this.of(dimension)) if (!kinds.has(name)) kinds.set(name, dimension);
    const whole = namesIn(text, [...kinds.keys()]);
    const parts = wordsInNamePlace(text).flatMap((word) =>
      [...whole, ...unknown].some((name) => spelled(name).includes(spelled(word))) ? [] : (this.near(word) ?? []),
    );
    return [...new Set([...whole, ...parts])].flatMap((name) => {
      const dimension = kinds.get(name);
      return dimension === undefined ? [] : [{ dimension, name }];
    });
  }

  near(word: string): string | undefined {
    const all = new Set(BARE_DIMENSIONS.flatMap((dimension) => this.of(dimension)));
    return nearName(spelled(word), [...all]);
  }

  model(value: string): { dimension: Dimension; name: string } | undefined {
    const all = this.of('model');
    const exact = all.find((name) => isNamed(name, value));
    if (exact !== undefined) return { dimension: 'model', name: exact };
    // A number names one model, and no family.
    const family = /\d/.test(value) ? [] : all.filter((name) => spelled(name).startsWith(`${spelled(value)}-`));
    const [only] = family;
    if (only !== undefined && family.length === 1) return { dimension: 'model', name: only };
    const provider = FAMILY_PROVIDERS[spelled(value)];
    const named = this.of('provider').find((name) => name === provider);
    return family.length > 1 && named !== undefined ? { dimension: 'provider', name: named } : undefined;
  }
}

/** "Claude Sonnet" is claude-sonnet-4-5 and claude-sonnet-4, where a name with a number is one model. */
export const isOfFamily = (name: string, value: string): boolean =>
  isNamed(name, value) || (!/\d/.test(value) && spelled(name).startsWith(`${spelled(value)}-`));

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
