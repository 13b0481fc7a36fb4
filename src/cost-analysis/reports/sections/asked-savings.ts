import { isOfFamily } from '../../agents/known-names.js';
import { plainText } from '../plain-text.js';
import { citation, rowsOf, textOf, type ReportData } from '../report-data.js';
import { analysisAnswers } from './analyses.js';
import { beforeMoving, comparison } from './other-models.js';

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
  const meant = rows.filter((row) => source !== undefined && isOfFamily(textOf(row, 'from_model') ?? '', source));
  if (target === undefined) return compared(data, meant.slice(0, ALTERNATIVES_SHOWN));
  if (rows.length > 0) return compared(data, meant.length > 0 ? meant : rows);
  return [
    `**${plainText(target)}:** its saving could not be computed: it has no known price, or nothing in use could move to it.`,
  ];
}

const compared = (data: ReportData, rows: readonly Row[]): string[] => [
  ...rows.map((row) => comparison(row)),
  ...beforeMoving(data, rows),
];
