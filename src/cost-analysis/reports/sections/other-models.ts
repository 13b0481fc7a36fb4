import { SAVING_WORDS } from '../../agents/saving-words.table.js';
import { confidenceOf } from '../../tools/savings/confidence.js';
import { plainText } from '../plain-text.js';
import { citationIn, rowsOf, textOf, type ReportData } from '../report-data.js';
import { savingTerms } from './saving-terms.js';

type Row = ReturnType<typeof rowsOf>[number];

const TOOL = 'simulate_model_substitution';

/** All simulated models, also those not suggested: the choice is the reader's. */
export function alternatives(data: ReportData): string | undefined {
  const rows = rowsOf(data, TOOL);
  if (rows.length < (data.triage.entities.to_model === undefined ? 2 : 1)) return undefined;
  return [
    'The same tokens on other models, if all of the traffic moved, which is never assumed for a saving:',
    '',
    '| In use | Instead | Cost now | Cost then |',
    '| --- | --- | ---: | ---: |',
    ...rows.map((row) => `| ${tableCells(row).join(' | ')} |`),
  ].join('\n');
}

const tableCells = (row: Row): string[] => {
  const context = contextNote(row);
  const instead = `${nameIn(row, 'to_model')}${context === undefined ? '' : ` (context window ${context})`}`;
  return [nameIn(row, 'from_model'), instead, citationIn(row, 'now_fact') ?? '', citationIn(row, 'then_fact') ?? ''];
};

/** Why nobody can be sure that the inputs fit into the other model; undefined when they do. */
function contextNote({ fits_context: fits }: Row): string | undefined {
  if (fits === true) return undefined;
  return fits === false ? 'too small' : 'not known to suffice';
}

/** What the same tokens cost on the other model, and what a part of the traffic would save there. */
export function comparison(row: Row): string {
  const cited = (key: string): string => citationIn(row, key) ?? '';
  const pair = `**${nameIn(row, 'to_model')} instead of ${nameIn(row, 'from_model')}:**`;
  const costs = `the same tokens would cost ${cited('then_fact')} instead of ${cited('now_fact')}`;
  if (row['costs_more'] === true) return `${pair} costs more; ${costs}.`;
  const coverage = citationIn(row, 'coverage_fact');
  return [
    `${pair} saves ${cited('low_fact')} to ${cited('high_fact')} if only a part of the traffic moves; all of it moved, ${costs}.`,
    ...(coverage === undefined ? [] : [`It covers ${coverage} of spend.`]),
    ...longestInputs(row),
  ].join(' ');
}

function longestInputs(row: Row): string[] {
  const context = contextNote(row);
  return context === undefined ? [] : [`For the longest inputs, its context window is ${context}.`];
}

/** What has to be tried and checked before any of these models takes over; nothing where none of them saves. */
export function beforeMoving(data: ReportData, rows: readonly Row[]): string[] {
  if (rows.every((row) => row['costs_more'] === true)) return [];
  const { effort, verify } = SAVING_WORDS.substitution;
  const terms = savingTerms({ confidence: confidenceOf('substitution', true), effort, verify });
  return [['**Before you move:**', ...moveCaveats(data), terms].join(' ')];
}

/** What a simulation can't know, as its tool says it. */
export const moveCaveats = (data: ReportData): string[] =>
  rowsOf(data, TOOL).length === 0 ? [] : (data.facts.report(TOOL)?.caveats ?? []).map(plainText);

const nameIn = (row: Row, key: string): string => plainText(textOf(row, key) ?? '');
