import type { SavingKind } from '../tools/savings/saving.js';
import type { Opportunity } from './findings.js';

/** What a saving is about; texts that may stand in a report, empty where it is about no such thing. */
export interface Subject {
  readonly model: string;
  readonly toModel: string;
  /** "chat and search": where most of it lies. */
  readonly features: string;
}

export interface SavingWords {
  readonly title: (subject: Subject) => string;
  readonly effort: Opportunity['effort'];
  readonly owner: string;
  readonly verify: string;
  readonly undo: (subject: Subject) => string;
}

const inFeatures = ({ features }: Subject): string => (features === '' ? '' : `, above all in ${features}`);

const moving = (title: (subject: Subject) => string): SavingWords => ({
  title,
  effort: 'medium',
  owner: 'Engineering lead',
  verify: 'run a sample of real requests on both models, compare quality blind, then compare the cost of a week',
  undo: ({ model }) => `route the traffic back to ${model}`,
});

/** How each kind of saving is had: what to do, who does it, how to check it and how to take it back. */
export const SAVING_WORDS: Readonly<Record<SavingKind, SavingWords>> = {
  retry: {
    title: (subject) => `Stop paying for failed calls${inFeatures(subject)}`,
    effort: 'medium',
    owner: 'Platform team',
    verify: 'watch the share of failed calls in spend for a week after timeouts and retries were set with back-off',
    undo: () => 'set the former timeouts and retry limits again',
  },
  duplicates: {
    title: (subject) => `Keep answers to prompts that come again${inFeatures(subject)}`,
    effort: 'medium',
    owner: 'Engineering lead',
    verify: 'count answers served from the kept ones, and check on a sample that they would be the same',
    undo: () => 'turn the keeping of answers off',
  },
  deprecated: moving(({ model, toModel }) => `Move ${model}, which its provider is retiring, to ${toModel}`),
  context: {
    title: (subject) => `Shorten the longest inputs of ${subject.model}${inFeatures(subject)}`,
    effort: 'medium',
    owner: 'Engineering lead',
    verify: 'read what the longest calls send, cut it on a sample, and compare the answers blind',
    undo: () => 'send the whole context again',
  },
  output_cap: {
    title: ({ model }) => `Limit the longest answers of ${model}`,
    effort: 'low',
    owner: 'Engineering lead',
    verify: 'read a sample of answers above the limit, then watch how many answers are cut off',
    undo: () => 'take the limit away',
  },
  substitution: moving(({ model, toModel }) => `Move part of the traffic of ${model} to ${toModel}`),
  caching: {
    title: (subject) => `Cache the prompt prefixes of ${subject.model} that come again${inFeatures(subject)}`,
    effort: 'low',
    owner: 'Engineering lead',
    verify: 'compare cache reads with cache writes for a week; writes must not cost more than reads save',
    undo: () => 'take the cache marks out of the requests',
  },
  batch: {
    title: (subject) => `Send work of ${subject.model} that can wait as batches${inFeatures(subject)}`,
    effort: 'medium',
    owner: 'Data team lead',
    verify: 'send one night as batches, and check that the results come in time',
    undo: () => 'send the work as single calls again',
  },
};
