import type { EvalQuestion, ExpectedFact } from './eval-question.js';
import type { GeneratedRow, GeneratedTruth, Which } from './generated-truth.js';

const TOTAL = /^(cost_breakdown|data_quality)(:\S+)?\.(total|spend)$/;
const JULY: Which = ({ day }) => day.startsWith('2026-07');
const AUGUST: Which = ({ day }) => day.startsWith('2026-08');

const within = (from: string, to: string) => (row: GeneratedRow) => row.day >= from && row.day <= to;
const team =
  (name: string, also: Which = () => true): Which =>
  (row) =>
    row.team === name && also(row);

/** Questions that are easily taken for something else: for thanks, for a slip of the pen, for one about another time, or for one answered already. */
export function rewordedQuestions(truth: GeneratedTruth): EvalQuestion[] {
  const spent = (which: Which): ExpectedFact[] => [{ id: TOTAL, value: truth.costUsd(which) }];
  const held = (after: Which, before: Which): ExpectedFact[] => [
    { id: /\.after$/, value: truth.costUsd(after) },
    { id: /\.before$/, value: truth.costUsd(before) },
  ];
  return [
    {
      asks: 'What changed last week?',
      facts: held(within('2026-08-17', '2026-08-23'), within('2026-08-10', '2026-08-16')),
    },
    { asks: 'How did spend change in August?', facts: held(AUGUST, within('2026-07-01', '2026-07-27')) },
    { after: 'What did we spend in August?', asks: 'No, last month', facts: spent(JULY) },
    { after: 'What did team data spend?', asks: 'Good, and for marketing', facts: spent(team('marketing')) },
    { after: 'What did team support spend?', asks: 'OK, for July then', facts: spent(team('support', JULY)) },
    { asks: 'What can we do about it?', says: [/Begin with:\*\*/] },
    {
      after: 'Why did spend jump on August 11?',
      asks: 'What can we do about it?',
      facts: spent((row) => row.day === '2026-08-11' && row.model === 'gpt-4o' && row.feature === 'chat-assistant'),
      says: [
        /cover only:\*\* model gpt-4o, feature chat-assistant, 11 August 2026/,
        /What it is about:\*\* 11 August 2026 cost/,
        /Against the cause, longer requests:/,
      ],
    },
    {
      asks: 'What did we spend last month and what will we spend next month?',
      facts: spent(JULY),
      says: [/asked more than one thing:\*\* this answers “What did we spend last month”/],
    },
    {
      asks: 'What did we spend in July and what did we spend in August?',
      facts: held(AUGUST, within('2026-07-01', '2026-07-27')),
    },
    {
      asks: 'What is the difference?',
      after: 'How did August compare to July?',
      facts: held(AUGUST, within('2026-07-01', '2026-07-27')),
    },
    { asks: 'Why is our AI bill going up?', facts: held(AUGUST, within('2026-07-01', '2026-07-27')) },
    {
      asks: 'Is support getting more expensive?',
      facts: held(team('support', AUGUST), team('support', within('2026-07-01', '2026-07-27'))),
    },
    { asks: 'and in July?', facts: spent(JULY) },
    { asks: 'hwo much did suport spned in agust', facts: spent(team('support', AUGUST)) },
    {
      asks: 'What if we moved everything from claude sonnet to gpt-5-mini?',
      says: [/gpt-5-mini instead of claude-sonnet-4-5/],
      neverSays: [/instead of gpt-4o:/],
    },
    {
      asks: 'What would happen if we stopped using gpt-4o?',
      says: [/instead of gpt-4o:/],
      neverSays: [/\*\*gpt-4o instead/],
    },
    { asks: 'What are our biggest cost drivers?', facts: spent(() => true), neverSays: [/What changed:/] },
    { asks: 'Can I trust these numbers?', says: [/Where they differ:\*\* claude-sonnet-4-5/] },
    { asks: 'Forecast September by team', says: [/1 September 2026 to 30 September 2026/, /By team:/] },
    {
      asks: 'Will we stay within $3,000 per month for the rest of the year?',
      says: [/from 1 September 2026 to 30 September 2026/, /likely to hold/],
    },
    { asks: 'What is the spend per customer?', facts: spent(() => true), says: [/does not know customers/] },
    { asks: "What's the ROI of our AI spend?", says: [/not what it brings in/] },
    { asks: 'Delete all usage data', says: [/cannot change, send or delete anything/], hasNoFigures: true },
    { asks: 'Wie hoch waren unsere Kosten letzten Monat?', says: [/questions in English only/], hasNoFigures: true },
    { asks: 'forecast until the end of December', says: [/31 December 2026/] },
    { asks: 'How much will we spend until 31 October?', says: [/31 October 2026/] },
    {
      asks: 'Will we spend more than $10k by end of August?',
      facts: [{ id: /^forecast_spend\S*\.spent$/, value: truth.costUsd(AUGUST) }],
    },
    {
      asks: 'How can we verify the invoice is right?',
      facts: [{ id: /\.gap$/, value: truth.reportedUsd() - truth.costUsd(), tolerance: 1e-4 }],
    },
    {
      after: 'How can team support save?',
      asks: 'Overall, what should we do first?',
      says: [/Begin with:\*\*/],
      neverSays: [/cover only:\*\* team support/],
    },
    { after: 'How can we save?', asks: 'Give me an action plan for July', says: [/31 July 2026/] },
  ];
}
