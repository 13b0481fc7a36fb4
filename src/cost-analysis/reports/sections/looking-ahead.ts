import { listed } from '../../agents/calls-then-text.js';
import { plainText } from '../plain-text.js';
import { citation, citationIn, rowsOf, type ReportData } from '../report-data.js';
import { budgetVerdict } from './budget.js';
import { unpricedDays } from './pricing.js';

type Row = ReturnType<typeof rowsOf>[number];

/** What is expected of the period that the question names, else of the weeks after the data, and whether a budget holds. */
export function expected(data: ReportData): string[] {
  const [row] = rowsOf(data, 'forecast_spend');
  if (row === undefined)
    return [
      `**Outlook:** ${beyondReach(data) ?? 'there are too few whole days of priced usage for a forecast.'}`,
      ...budgetAlone(data),
    ];
  const verdict = budgetVerdict(data, row);
  const unpriced = unpricedDays(data, 'forecast_spend');
  return [
    `${expectedText(data, row)}${dataEnd(data)}`,
    ...notSplit(data),
    ...(unpriced === undefined ? [] : [unpriced]),
    ...(verdict === undefined ? missingAmount(data) : [`**Budget:** ${verdict}`]),
    ...runRate(data, row),
    ...scenario(data),
  ];
}

/** Parts vary more than the whole, and would not add up to it. */
const notSplit = ({ triage }: ReportData): string[] => {
  const told = triage.entities.dimensions.filter((dimension) => triage.where[dimension] === undefined);
  const [first] = told;
  return first === undefined
    ? []
    : [
        `**By ${listed(told.map((one) => one.replace('_', ' ')))}:** the outlook is for all of it together; ask for one ${first.replace('_', ' ')} by its name to see its own.`,
      ];
};

/** "Expected for 1 August 2026 to 31 August 2026: $532.10, of which $482.94 is spent, likely between …" */
export function expectedText(data: ReportData, row: Row): string {
  const [low, high] = [citationIn(row, 'low_fact'), citationIn(row, 'high_fact')];
  const total = citationIn(row, 'total_fact') ?? '';
  const [from, to] = [citation(data, 'forecast_spend', 'target_from'), citation(data, 'forecast_spend', 'target_to')];
  const isOver = data.facts.fact('forecast_spend', 'horizon')?.value === '0';
  if (from !== undefined && to !== undefined && isOver)
    return `**Spent from ${from} to ${to}:** ${total}; the data covers all of these days, so nothing is left to expect.`;
  const range = low === undefined || high === undefined ? '' : `, likely between ${low} and ${high}`;
  if (from === undefined || to === undefined)
    return `**Expected:** ${total} over the ${citation(data, 'forecast_spend', 'horizon') ?? ''} after the data ends${range}.`;
  const spent = citationIn(row, 'spent_fact');
  const hasBegun = Number(data.facts.fact('forecast_spend', 'spent')?.value ?? '0') > 0;
  const already = hasBegun && spent !== undefined ? `, of which ${spent} is spent already` : '';
  const rest = beyondReach(data);
  return `**Expected from ${from} to ${to}:** ${total}${already}${range}.${rest === undefined ? '' : ` Later days are not counted: ${rest}`}`;
}

/** Why days are not forecast that are asked about; undefined when all of them are. */
export function beyondReach(data: ReportData): string | undefined {
  const reach = citation(data, 'forecast_spend', 'reach');
  return reach === undefined ? undefined : `a forecast reaches to ${reach}, a year past the end of the data.`;
}

const budgetAlone = ({ triage }: ReportData): string[] =>
  triage.entities.budget === undefined
    ? []
    : [`**Budget:** whether ${plainText(triage.entities.budget)} holds cannot be told yet.`];

const missingAmount = ({ triage }: ReportData): string[] =>
  triage.intent === 'budget' && triage.entities.budget === undefined
    ? ['**Budget:** the question names no amount. Ask again with it, and the answer says whether it is likely to hold.']
    : [];

function runRate(data: ReportData, row: Row): string[] {
  const daily = citationIn(row, 'daily_fact');
  return daily === undefined || !/\b(run|burn).?rate\b/i.test(data.question) ? [] : [`**Run rate:** ${daily} a day.`];
}

const scenario = ({ triage }: ReportData): string[] =>
  triage.scenario === undefined
    ? []
    : [
        '**Another volume:** tokens are paid one by one, so cost moves in proportion to the number of requests as long as their mix and length stay the same. The figures here are for the volume in the data; no other one is simulated.',
      ];

const LONG_AGO_MS = 7 * 86_400_000;

/** "Next month" is the one after the data: where that has long begun, it has to be said. */
function dataEnd({ facts, askedAt }: ReportData): string {
  const last = facts.fact('data_quality', 'last_day');
  if (last === undefined || askedAt === undefined || askedAt.getTime() - Date.parse(last.value) < LONG_AGO_MS)
    return '';
  return ` The data ended on {{fact:${last.id}}}, so this is not counted from today.`;
}
