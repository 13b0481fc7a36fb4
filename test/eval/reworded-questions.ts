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
