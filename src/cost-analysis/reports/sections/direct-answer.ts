import type { Intent } from '../../agents/intent-words.table.js';
import { listed } from '../../agents/calls-then-text.js';
import { citation, citationIn, rowsOf, textOf, type ReportData } from '../report-data.js';
import { plainText } from '../plain-text.js';
import { advice } from './advice.js';
import { askedSaving } from './asked-savings.js';
import { changeAnswer, eventCause, hasRisen } from './change.js';
import { expected } from './looking-ahead.js';
import { compared, largestEntries, shared } from './names-held.js';
import { eventText, largestEvent } from './outlook.js';
import { peakAnswer } from './peaks.js';
import { pricesAsOf } from './pricing.js';
import { unitAnswer } from './units.js';

/** The lines that answer the question itself; they stand before all other figures. None where the headline figures are the answer. */
export function directAnswer(data: ReportData): string[] {
  const answer = ANSWERS[data.triage.intent];
  return answer === undefined ? [] : answer(data);
}

const ANSWERS: Readonly<Partial<Record<Intent, (data: ReportData) => string[]>>> = {
  anomaly: unusual,
  change: changed,
  comparison: compared,
  share: shared,
  trend: developed,
  peak: peakAnswer,
  units: unitAnswer,
  forecast: expected,
  budget: expected,
  savings: askedSaving,
  what_if: askedSaving,
  advice,
  breakdown: largestEntries,
  reconciliation: gaps,
  data_quality: carried,
};

const RISING = /\b(jump\w*|rise|rose|risen|increas\w*|higher|more|up|spik\w+|surge\w*|expensive)\b/i;

function changed(data: ReportData): string[] {
  const answer = changeAnswer(data);
  if (answer === undefined)
    return ['**What changed:** there is too little usage to compare a period with the one before.', ...unusual(data)];
  // Who asks why it rose must hear first that it did not; the day that was meant may be another one.
  const isCompared = data.facts.fact('explain_change', 'change') !== undefined;
  const isMistaken = isCompared && RISING.test(data.question) && !hasRisen(data);
  return [
    `**What changed:** ${isMistaken ? 'spend did not rise then. ' : ''}${answer}`,
    ...(isMistaken || isSmall(data) ? elsewhere(data) : []),
  ];
}

/** Percent: less of a change is hardly what somebody asks about. */
const SMALL_PERCENT = 15;

const isSmall = ({ facts }: ReportData): boolean =>
  Math.abs(Number(facts.fact('explain_change', 'change_percent')?.value ?? SMALL_PERCENT)) < SMALL_PERCENT;

/** The day that may have been meant. */
function elsewhere(data: ReportData): string[] {
  const event = largestEvent(data);
  return event === undefined ? [] : [`**Most unusual in the data:** ${eventText(event)}.`];
}

function unusual(data: ReportData): string[] {
  const event = largestEvent(data);
  const cause = event === undefined ? undefined : eventCause(data, event);
  if (event !== undefined) return [`**Most unusual:** ${eventText(event)}.${cause === undefined ? '' : ` ${cause}`}`];
  const days = citation(data, 'detect_anomalies', 'days');
  return data.facts.fact('detect_anomalies', 'events') === undefined
    ? ['**Unusual days:** there is too little usage to tell them from usual ones.']
    : [`**Unusual days:** none in the ${days ?? 'days'} that could be judged.`];
}

/** The usual amount of a day, week or month, and how the latest whole one compares. */
function developed(data: ReportData): string[] {
  const mean = citation(data, 'query_usage', 'mean');
  const period = textOf(rowsOf(data, 'query_usage')[0] ?? {}, 'period') ?? '';
  const grain = data.triage.entities.grain ?? (period.length === 'YYYY-MM'.length ? 'month' : 'week');
  const answer = changeAnswer(data);
  return [
    ...(mean === undefined ? [] : [`**On average:** ${mean} a ${grain}, the first and the last one left out.`]),
    ...(answer === undefined ? [] : [`**Latest change:** ${answer}`]),
  ];
}

const GAPS_SHOWN = 3;

/** Where reported and recomputed cost differ, the largest gaps first. */
function gaps(data: ReportData): string[] {
  const rows = rowsOf(data, 'reconcile_costs').filter(
    (row) => row['kind'] === 'model' && citationIn(row, 'gap_fact') !== undefined,
  );
  if (rows.length === 0) return [];
  const named = rows
    .slice(0, GAPS_SHOWN)
    .map((row) => `${plainText(textOf(row, 'name') ?? '')} by ${citationIn(row, 'gap_fact') ?? ''}`);
  return [`**Where they differ:** ${named.join('; ')}.`];
}

/** What the data lacks, how much of spend carries what the question names, and whose prices count. */
function carried(data: ReportData): string[] {
  const { missing, entities } = data.triage;
  const rows = rowsOf(data, 'data_quality').filter((row) => entities.dimensions.some((one) => one === row['field']));
  const asOf = pricesAsOf(data);
  return [
    ...rows.map((row) => `**With a ${textOf(row, 'field') ?? ''}:** ${citationIn(row, 'fact') ?? 'nothing'} of spend.`),
    ...(/\bprices?\b/i.test(data.question) && asOf !== undefined
      ? [`**Prices:** the list prices in genai-prices as of ${asOf}.`]
      : []),
    missing.length === 0 ? '**Missing:** no known field.' : `**Missing:** ${listed(missing)}.`,
  ];
}
