import type { Intent } from '../../agents/intent-words.table.js';
import { cite } from '../grounding.js';
import { plainText } from '../plain-text.js';
import {
  citation,
  citationIn,
  onOneDay,
  paragraphs,
  rowsOf,
  textOf,
  type ReportData,
  type Section,
} from '../report-data.js';
import { billsAgainstUsage, billsOf, restatedNote, unsplitBill } from './bills.js';
import { directAnswer } from './direct-answer.js';
import { isUnpriced } from './pricing.js';
import { scopeNotes } from './scope.js';
import { syntheticNote } from './sources.js';

/** The figures a reader needs if they read nothing else; how far the reported cost can be trusted comes first. */
export function headline(data: ReportData): Section {
  const figures = figuresOf(data).flatMap((figure) => figure(data) ?? []);
  const lines = [...directAnswer(data), ...figures];
  return {
    key: 'headline',
    title: 'In short',
    body: paragraphs(
      scopeNotes(data),
      syntheticNote(data),
      restatedNote(data),
      lines.map((line) => `- ${line}`).join('\n'),
    ),
  };
}

type Figure = (data: ReportData) => string | undefined;

/** What a model costs at list says nothing about what was spent. */
const figuresOf = ({ triage: { intent, topics } }: ReportData): readonly Figure[] =>
  topics.length > 0 && topics.every((topic) => topic === 'prices') ? [] : FIGURES[intent];

/** How far cost can be trusted, then how much it is; a question to the point gets the answer and what it rests on. */
const FIGURES: Readonly<Record<Intent, readonly Figure[]>> = {
  overview: [billsAgainstUsage, reconciliation, total, largest, saving],
  total: [total, largest, billsAgainstUsage, reconciliation],
  breakdown: [total, largest, billsAgainstUsage, reconciliation],
  comparison: [total, billsAgainstUsage, reconciliation],
  share: [total],
  trend: [total],
  peak: [total],
  units: [total],
  change: [total],
  anomaly: [total],
  forecast: [total],
  budget: [total],
  savings: [saving, total, billsAgainstUsage, reconciliation],
  what_if: [total],
  advice: [saving, total],
  reconciliation: [billsAgainstUsage, reconciliation, total],
  data_quality: [total, billsAgainstUsage, reconciliation],
  unrelated: [],
};

function reconciliation(data: ReportData): string | undefined {
  const cited = (path: string) => citation(data, 'reconcile_costs', path);
  const [reported, recomputed, gap, percent] = [
    cited('reported_comparable'),
    cited('recomputed'),
    cited('gap'),
    cited('gap_percent'),
  ];
  if (data.facts.report('reconcile_costs') === undefined)
    return 'Reported and recomputed cost could not be compared in this run.';
  // The bills have a line of their own, and what is reported beside them says nothing more.
  if (gap === undefined && billsOf(data).length > 0) return undefined;
  const [billed, unsplit] = [cited('reported'), unsplitBill(data)];
  if (gap === undefined && billed !== undefined)
    return `**Reported against recomputed:** ${billed} reported; it cannot be compared, because no record has both a reported cost and a known list price.`;
  if (gap === undefined && unsplit !== undefined) return unsplit;
  if (gap === undefined)
    return '**Reported against recomputed:** the data carries no billed cost, so spend is computed from tokens and list prices.';
  if (data.facts.fact('reconcile_costs', 'gap')?.value.replace(/[0.-]/g, '') === '')
    return `**Reported against recomputed:** they agree, at ${recomputed ?? ''}.`;
  return `**Reported against recomputed:** ${reported ?? ''} reported, ${recomputed ?? ''} recomputed from tokens and list prices; the difference is ${gap}${percent === undefined ? '' : `, ${percent} of the recomputed cost`}.`;
}

function total(data: ReportData): string | undefined {
  // Where the question needs no breakdown, the latest one is only a look at the names, without the limits of the question.
  const isBrokenDown = FIGURES[data.triage.intent].includes(largest);
  const spend =
    (isBrokenDown ? citation(data, 'cost_breakdown', 'total') : undefined) ?? citation(data, 'data_quality', 'spend');
  const rows = citation(data, 'data_quality', 'rows');
  if (isUnpriced(data)) return `**Total spend:** not priced${period(data)}, in ${rows ?? ''} usage records.`;
  if (spend === undefined) return undefined;
  return `**Total spend:** ${spend}${period(data)}${rows === undefined ? '' : `, in ${rows} usage records`}.`;
}

/** Data of a single day may cover an hour of it: then the times are said, so that nobody takes it for the whole day. */
function period(data: ReportData): string {
  const cited = (path: string) => citation(data, 'data_quality', path);
  const [first, last] = [cited('first_day'), cited('last_day')];
  if (first === undefined || last === undefined) return '';
  if (!onOneDay(data)) return `, from ${first} to ${last}`;
  return `, all on ${first} between ${cited('first_time') ?? ''} and ${cited('last_time') ?? ''}`;
}

function largest(data: ReportData): string | undefined {
  // Said already, or all of it.
  if (data.triage.entities.dimensions.includes('model') || data.triage.where.model !== undefined) return undefined;
  const model = rowsOf(data, 'cost_breakdown').find(({ dimension, name }) => dimension === 'model' && name !== null);
  if (model === undefined) return undefined;
  const [cost, share] = [citationIn(model, 'cost_fact'), citationIn(model, 'share_fact')];
  // Priced ones come first: there is none.
  if (cost === undefined) return undefined;
  return `**Largest model:** ${plainText(textOf(model, 'name') ?? '')} with ${cost}${share === undefined ? '' : `, ${share} of spend`}.`;
}

function saving(data: ReportData): string | undefined {
  if (data.triage.sufficiency !== 'sufficient' || data.facts.report('combine_savings') === undefined) return undefined;
  const [first] = data.opportunities;
  const [low, high] = [citation(data, 'combine_savings', 'net_low'), citation(data, 'combine_savings', 'net_high')];
  if (first === undefined || low === undefined || high === undefined)
    return '**Savings:** none found that is large enough to be worth the work.';
  return `**Savings:** ${low} to ${high} on the spend in this data, overlaps taken out. The largest: ${lowerFirst(first.title)}, ${cite(first.net_low_fact)} to ${cite(first.net_high_fact)}.`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
