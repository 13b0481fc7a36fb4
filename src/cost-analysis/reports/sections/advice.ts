import { cite } from '../grounding.js';
import type { ActionStep, Opportunity } from '../../agents/findings.js';
import { causeOfRise, changeAnswer } from './change.js';
import { listed } from '../../agents/calls-then-text.js';
import type { ReportData } from '../report-data.js';

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'];
const BY_NUMBER =
  /\b(?:steps?|savings?|recommendations?|suggestions?|actions?|measures?|points?|items?|number|no\.)\s*#?(\d{1,2})\b|\b(\d{1,2})(?:st|nd|rd|th)\b/i;
const BY_WORD = new RegExp(
  `\\b(${ORDINALS.join('|')}|last)\\s+(?:step|saving|recommendation|suggestion|action|measure|point|item|one)`,
  'i',
);
const SAVING = /\bsavings?\b/i;

/** The step of the plan that the question is about, with what to do about it; without one, the first. */
export function advice(data: ReportData): string[] {
  const { question, steps, triage } = data;
  const about = triage.about === undefined ? undefined : changeAnswer(data);
  const found = about === undefined ? [] : [`**What it is about:** ${about}`, ...againstCause(data)];
  if (steps.length === 0) return [...found, '**Next:** nothing was found there that is worth the work.'];
  // "The second saving" counts savings, "step two" everything that is to be done.
  const counted = SAVING.test(question) ? steps.filter(({ saving_facts: saving }) => saving !== null) : steps;
  const at = position(question, counted.length);
  const step = counted[at ?? 0];
  if (step === undefined)
    return [`**Next:** the plan has fewer steps than that; it begins with: ${steps[0]?.step ?? ''}.`];
  const lines = [
    ...(at === undefined ? found : []),
    `**${at === undefined ? 'Begin with' : 'This step'}:** ${step.step}${worth(step)}.`,
    ...details(question, step),
  ];
  const others = at === undefined ? counted.slice(1, 3).map(({ step: next }) => lowerFirst(next)) : [];
  return others.length === 0 ? lines : [...lines, `**After that:** ${listed(others)}.`];
}

/** Kinds of savings that work against what made spend rise. */
const AGAINST: Readonly<Record<string, readonly Opportunity['kind'][]>> = {
  volume: ['retry', 'duplicates'],
  tokens_per_request: ['context', 'output_cap'],
  mix: ['deprecated', 'substitution'],
  price: ['substitution', 'caching', 'batch'],
};

/** The largest saving need not have to do with why spend rose. */
function againstCause(data: ReportData): string[] {
  const cause = causeOfRise(data);
  const kinds = cause === undefined ? [] : (AGAINST[cause.effect] ?? []);
  const [first, ...rest] = data.opportunities.filter(({ kind }) => kinds.includes(kind));
  if (cause === undefined || first === undefined || data.opportunities[0]?.key === first.key) return [];
  const also = rest.length === 0 ? '' : `, and ${listed(rest.map(({ title }) => lowerFirst(title)))}`;
  return [
    `**Against the cause, ${cause.words}:** ${lowerFirst(first.title)}, worth ${cite(first.net_low_fact)} to ${cite(first.net_high_fact)}${also}.`,
  ];
}

function position(question: string, count: number): number | undefined {
  const [, number, nth] = BY_NUMBER.exec(question) ?? [];
  const digits = number ?? nth;
  if (digits !== undefined) return Number(digits) - 1;
  const word = BY_WORD.exec(question)?.[1]?.toLowerCase();
  if (word === undefined) return undefined;
  return word === 'last' ? count - 1 : ORDINALS.indexOf(word);
}

const worth = ({ saving_facts: saving }: ActionStep): string =>
  saving === null ? '' : `, worth ${cite(saving.low)} to ${cite(saving.high)} net on the spend in the data`;

function details(question: string, { owner, effort, verify, undo }: ActionStep): string[] {
  const all = [
    [/\b(verif\w+|check|prove|test|sure|know)\b/i, `**To verify:** ${verify}.`],
    [/\b(undo|revert|roll|back out|wrong)\b/i, `**To undo:** ${undo}.`],
    [/\b(who|own\w*|responsib\w+|effort|long|hard)\b/i, `**Owner:** ${owner}. Effort: ${effort}.`],
  ] as const;
  const asked = all.filter(([words]) => words.test(question)).map(([, text]) => text);
  return asked.length > 0 ? asked : [...all].reverse().map(([, text]) => text);
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
