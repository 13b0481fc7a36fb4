import { isOfFamily } from '../../agents/known-names.js';
import { plainText } from '../plain-text.js';
import { citation, citationIn, rowsOf, textOf, type ReportData } from '../report-data.js';
import { analysisAnswers } from './analyses.js';

type Row = ReturnType<typeof rowsOf>[number];

const ALTERNATIVES_SHOWN = 3;

/** What the model that the question names would cost or save, for every model in use, also where it costs more; and what it asks about by itself. */
export function askedSaving(data: ReportData): string[] {
  return [...analysisAnswers(data), ...(data.triage.topics.length > 0 ? [] : [...goal(data), ...askedModel(data)])];
}

const GOAL = /\b(?:by|of|save|cut|reduce)\s+(\d{1,2}(?:\.\d+)?)\s?(?:%|percent)/i;

/** Whether what was found reaches the share of spend that the question wants to save. */
function goal(data: ReportData): string[] {
  const wanted = GOAL.exec(data.question)?.[1];
  const share = (bound: 'low' | 'high'): number =>
    Number(data.facts.fact('combine_savings', `net_${bound}_share`)?.value ?? NaN);
  if (wanted === undefined || Number.isNaN(share('low'))) return [];
  const range = `${citation(data, 'combine_savings', 'net_low_share') ?? ''} to ${citation(data, 'combine_savings', 'net_high_share') ?? ''} of spend`;
  const verdict =
    share('low') >= Number(wanted)
      ? 'within reach: even the low end of what was found lies above it'
      : share('high') < Number(wanted)
        ? 'out of reach with what was found'
        : 'possible, but only if the savings turn out in the upper part of their range';
  return [`**The goal:** ${verdict}; the savings come to ${range}.`];
}

function askedModel(data: ReportData): string[] {
  const { to_model: target, from_model: source } = data.triage.entities;
  const rows = rowsOf(data, 'simulate_model_substitution');
  if (target === undefined) {
    const left = rows.filter((row) => source !== undefined && isOfFamily(textOf(row, 'from_model') ?? '', source));
    return left.slice(0, ALTERNATIVES_SHOWN).map((row) => comparison(row));
  }
  const meant = rows.filter((row) => source !== undefined && isOfFamily(textOf(row, 'from_model') ?? '', source));
  if (rows.length > 0) return (meant.length > 0 ? meant : rows).map((row) => comparison(row));
  return [
    `**${plainText(target)}:** its saving could not be computed: it has no known price, or nothing in use could move to it.`,
  ];
}

function comparison(row: Row): string {
  const name = (key: string): string => plainText(textOf(row, key) ?? '');
  const cited = (key: string): string => citationIn(row, key) ?? '';
  const pair = `**${name('to_model')} instead of ${name('from_model')}:**`;
  const costs = `the same tokens would cost ${cited('then_fact')} instead of ${cited('now_fact')}`;
  if (row['costs_more'] === true) return `${pair} costs more; ${costs}.`;
  const context = row['fits_context'] === false ? ' The longest inputs do not fit into its context.' : '';
  return `${pair} saves ${cited('low_fact')} to ${cited('high_fact')} if only a part of the traffic moves; all of it moved, ${costs}.${context}`;
}
