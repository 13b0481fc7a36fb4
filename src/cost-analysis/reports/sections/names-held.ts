import { DIMENSIONS, type Dimension } from '../../tools/usage-scope.js';
import { plainText } from '../plain-text.js';
import { citation, citationIn, rowsOf, textOf, type ReportData } from '../report-data.js';
import { changeAnswer } from './change.js';
import { costIn } from './pricing.js';

type Row = ReturnType<typeof rowsOf>[number];

const COMPARED_MAX = 6;

/** Costs of the names that the question holds against each other, the dearest first; else of two periods. */
export function compared(data: ReportData): string[] {
  const lines = heldRows(data).map(entryLine);
  const answer = changeAnswer(data);
  return [...lines, ...(answer === undefined ? [] : [`**Compared:** ${answer}`])];
}

/** The share of what the question names; of what it leaves unnamed, the untagged part or the largest. */
export function shared(data: ReportData): string[] {
  const held = heldRows(data);
  if (held.length > 0) return held.map(entryLine);
  const { dimensions } = data.triage.entities;
  const asked = rowsOf(data, 'cost_breakdown').filter(({ dimension }) => dimension === (dimensions[0] ?? 'model'));
  const untagged = /\b(no|not|without|un\w+|missing|nobody)\b/i.test(data.question);
  return asked
    .filter(({ name }) => (name === null) === untagged)
    .slice(0, 1)
    .map(entryLine);
}

function heldRows(data: ReportData): Row[] {
  const { named } = data.triage;
  const rows = rowsOf(data, 'cost_breakdown').filter((row) => {
    const dimension = DIMENSIONS.find((one) => one === row['dimension']);
    return dimension !== undefined && named[dimension]?.includes(textOf(row, 'name') ?? '') === true;
  });
  return rows.slice(0, COMPARED_MAX);
}

function entryLine(row: Row): string {
  const share = citationIn(row, 'share_fact');
  const name = textOf(row, 'name');
  const title =
    name === undefined ? `Without a ${(textOf(row, 'dimension') ?? 'name').replace('_', ' ')}` : plainText(name);
  return `**${title}:** ${costIn(row)}${share === undefined ? '' : `, ${share} of spend`}.`;
}

const DIMENSIONS_SHOWN = 3;
const LARGEST_SHOWN = 3;
const LARGEST_MAX = 10;

/** The largest entries of what the question breaks spend down by, and how many there are. */
export function largestEntries(data: ReportData): string[] {
  const asked = data.triage.entities.dimensions.slice(0, DIMENSIONS_SHOWN);
  const dimensions = asked.length === 0 && /\b(who|spenders?)\b/i.test(data.question) ? (['team'] as const) : asked;
  return dimensions.flatMap((dimension) => largestOf(data, dimension));
}

function largestOf(data: ReportData, dimension: Dimension): string[] {
  const word = dimension.replace('_', ' ');
  const rows = rowsOf(data, 'cost_breakdown').filter((row) => row['dimension'] === dimension && row['name'] !== null);
  const listed = /\b(list|all)\b/i.test(data.question) ? LARGEST_MAX : LARGEST_SHOWN;
  const wanted = Number(/\btop (\d{1,2})\b/i.exec(data.question)?.[1] ?? listed);
  const shown = rows.slice(0, Math.min(LARGEST_MAX, Math.max(1, wanted)));
  const [first, ...others] = shown.map(entryText);
  if (first === undefined) return [`**Largest ${word}:** no usage names one.`];
  const then = others.length === 0 ? '' : `; then ${others.join('; ')}`;
  const count = citation(data, 'cost_breakdown', `${dimension}.entries`);
  const counted =
    /\bhow many\b/i.test(data.question) && count !== undefined ? [`**Number of ${word}s:** ${count}.`] : [];
  // Priced ones come first: there is none.
  const isKnown = shown.some((row) => citationIn(row, 'cost_fact') !== undefined);
  return [...counted, `**Largest ${word}:** ${isKnown ? '' : 'none can be told; '}${first}${then}.`];
}

function entryText(row: Row): string {
  const [cost, share] = [citationIn(row, 'cost_fact'), citationIn(row, 'share_fact')];
  const name = plainText(textOf(row, 'name') ?? '');
  if (cost === undefined) return `${name}, ${costIn(row)}`;
  return `${name} with ${cost}${share === undefined ? '' : `, ${share} of spend`}`;
}
