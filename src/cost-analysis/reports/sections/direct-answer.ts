import type { Intent } from '../../agents/question.js';
import { plainText } from '../plain-text.js';
import { citation, citationIn, rowsOf, textOf, type ReportData } from '../report-data.js';
import { budgetVerdict } from './budget.js';
import { changeAnswer } from './change.js';
import { eventText, largestEvent } from './outlook.js';

/** The lines that answer the question itself; they stand before all other figures. None where the headline figures are the answer. */
export function directAnswer(data: ReportData): string[] {
  const answer = ANSWERS[data.triage.intent];
  return answer === undefined ? [] : answer(data);
}

const ANSWERS: Readonly<Partial<Record<Intent, (data: ReportData) => string[]>>> = {
  anomaly: unusual,
  change: changed,
  comparison: compared,
  forecast: expected,
  budget: expected,
  savings: askedModel,
  what_if: askedModel,
  breakdown: largestEntry,
};

function changed(data: ReportData): string[] {
  const answer = changeAnswer(data);
  return answer === undefined
    ? ['**What changed:** there is too little usage to compare a period with the one before.', ...unusual(data)]
    : [`**What changed:** ${answer}`];
}

const COMPARED_MAX = 5;

/** Costs of the models, teams or features that the question names, the dearest first; else of two periods. */
function compared(data: ReportData): string[] {
  const question = spelled(data.question);
  const rows = rowsOf(data, 'cost_breakdown').filter((row) => {
    const name = textOf(row, 'name');
    return name !== undefined && ` ${question} `.includes(` ${spelled(name)} `);
  });
  const lines = rows.slice(0, COMPARED_MAX).map((row) => {
    const share = citationIn(row, 'share_fact');
    return `**${plainText(textOf(row, 'name') ?? '')}:** ${citationIn(row, 'cost_fact') ?? ''}${share === undefined ? '' : `, ${share} of spend`}.`;
  });
  const answer = changeAnswer(data);
  return [...(lines.length > 1 ? lines : []), ...(answer === undefined ? [] : [`**Compared:** ${answer}`])];
}

const spelled = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

function unusual(data: ReportData): string[] {
  const event = largestEvent(data);
  if (event !== undefined) return [`**Most unusual:** ${eventText(event)}.`];
  const days = citation(data, 'detect_anomalies', 'days');
  return data.facts.fact('detect_anomalies', 'events') === undefined
    ? ['**Unusual days:** there is too little usage to tell them from usual ones.']
    : [`**Unusual days:** none; ${days ?? 'all days'} were looked at.`];
}

function expected(data: ReportData): string[] {
  const [row] = rowsOf(data, 'forecast_spend');
  if (row === undefined) return ['**Outlook:** there are too few whole days of usage for a forecast.'];
  const [low, high] = [citationIn(row, 'low_fact'), citationIn(row, 'high_fact')];
  const range = low === undefined || high === undefined ? '' : `, likely between ${low} and ${high}`;
  const horizon = citation(data, 'forecast_spend', 'horizon') ?? '';
  const total = citationIn(row, 'total_fact') ?? '';
  const verdict = budgetVerdict(data, row);
  return [
    `**Expected:** ${total} over the ${horizon} after the data ends${range}.${dataEnd(data)}`,
    ...(verdict === undefined ? [] : [`**Budget:** ${verdict}`]),
  ];
}

const LONG_AGO_MS = 7 * 86_400_000;

/** "Next month" is the one after the data: where that has long begun, it has to be said. */
function dataEnd({ facts, askedAt }: ReportData): string {
  const last = facts.fact('data_quality', 'last_day');
  if (last === undefined || askedAt === undefined || askedAt.getTime() - Date.parse(last.value) < LONG_AGO_MS)
    return '';
  return ` The data ended on {{fact:${last.id}}}, so this is not counted from today.`;
}

/** What the model that the question names would cost or save, for every model in use, also where it costs more. */
function askedModel(data: ReportData): string[] {
  const target = data.triage.entities.to_model;
  if (target === undefined) return [];
  const rows = rowsOf(data, 'simulate_model_substitution');
  if (rows.length > 0) return rows.map((row) => comparison(row));
  return [
    `**${plainText(target)}:** its saving could not be computed: it has no known price, or nothing in use could move to it.`,
  ];
}

function comparison(row: ReturnType<typeof rowsOf>[number]): string {
  const name = (key: string): string => plainText(textOf(row, key) ?? '');
  const cited = (key: string): string => citationIn(row, key) ?? '';
  const pair = `**${name('to_model')} instead of ${name('from_model')}:**`;
  const costs = `the same tokens would cost ${cited('then_fact')} instead of ${cited('now_fact')}`;
  if (row['costs_more'] === true) return `${pair} costs more; ${costs}.`;
  const context = row['fits_context'] === false ? ' The longest inputs do not fit into its context.' : '';
  return `${pair} saves ${cited('low_fact')} to ${cited('high_fact')} if only a part of the traffic moves; all of it moved, ${costs}.${context}`;
}

function largestEntry(data: ReportData): string[] {
  const [dimension] = data.triage.entities.dimensions;
  if (dimension === undefined || dimension === 'model') return [];
  const rows = rowsOf(data, 'cost_breakdown').filter((row) => row['dimension'] === dimension && row['name'] !== null);
  const [row] = rows;
  const word = dimension.replace('_', ' ');
  if (row === undefined) return [`**Largest ${word}:** no usage names one.`];
  const share = citationIn(row, 'share_fact');
  return [
    `**Largest ${word}:** ${plainText(textOf(row, 'name') ?? '')} with ${citationIn(row, 'cost_fact') ?? ''}${share === undefined ? '' : `, ${share} of spend`}.`,
  ];
}
