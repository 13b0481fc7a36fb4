import type { EvalQuestion, ExpectedFact } from './eval-question.js';
import type { GeneratedTruth, GeneratedRow, Which } from './generated-truth.js';

const TOTAL = /^(cost_breakdown|data_quality)(:\S+)?\.(total|spend)$/;
const OPENAI = ['gpt-4o', 'gpt-4o-mini', 'gpt-5-mini'];
/** The last day of the data, a Thursday, is 27 August 2026; the first is 29 June. */
const JULY: Which = ({ day }) => day.startsWith('2026-07');
const AUGUST: Which = ({ day }) => day.startsWith('2026-08');

const of = (key: 'team' | 'feature' | 'model', name: string) => (row: GeneratedRow) => row[key] === name;
const within = (from: string, to: string) => (row: GeneratedRow) => row.day >= from && row.day <= to;
const both =
  (one: Which, other: Which): Which =>
  (row) =>
    one(row) && other(row);
const id = (path: string): RegExp => new RegExp(`\\.${path.replace(/[.()]/g, '\\$&')}$`);
const limited = (scope: string): RegExp => new RegExp(`These figures cover only:\\*\\* ${scope}`);

/** Questions as finance leads, engineering managers and CTOs put them, who don't know the words of the data. */
export function plainQuestions(truth: GeneratedTruth): EvalQuestion[] {
  return [
    ...amounts(truth),
    ...times(truth),
    ...units(truth),
    ...parts(truth),
    ...changes(truth),
    ...budgets(truth),
    ...whatIfs(truth),
    ...followUps(truth),
    ...others(truth),
  ];
}

function amounts(truth: GeneratedTruth): EvalQuestion[] {
  const spent = (which: Which): ExpectedFact[] => [{ id: TOTAL, value: truth.costUsd(which) }];
  const openai: Which = ({ model }) => OPENAI.includes(model);
  const sonnet = of('model', 'claude-sonnet-4-5');
  return [
    {
      asks: 'How much did OpenAI cost us in July?',
      facts: spent(both(openai, JULY)),
      says: [limited('provider openai')],
    },
    {
      asks: 'What did we pay Anthropic last month?',
      facts: spent(both(sonnet, JULY)),
      says: [limited('provider anthropic')],
    },
    { asks: 'How much did the data team spend?', facts: spent(of('team', 'data')), says: [limited('team data')] },
    {
      asks: 'Why is engineering so expensive, what did it cost us in July?',
      facts: spent(both(of('team', 'engineering'), JULY)),
    },
    {
      asks: 'How much is the engineering team spending on claude?',
      facts: spent(both(of('team', 'engineering'), sonnet)),
      says: [limited('team engineering, model claude-sonnet-4-5')],
    },
    {
      asks: 'What did we spend on chat?',
      facts: spent(of('feature', 'chat-assistant')),
      says: [limited('feature chat-assistant')],
    },
    { asks: 'spend of enginering', facts: spent(of('team', 'engineering')), says: [limited('team engineering')] },
    { asks: 'What did we spend on mistral?', says: [/There is no model “mistral”/] },
    { asks: 'What did we spend on zebras?', says: [/Nothing in the data is called “zebras”/] },
  ];
}

function times(truth: GeneratedTruth): EvalQuestion[] {
  const spent = (from: string, to: string): ExpectedFact[] => [{ id: TOTAL, value: truth.costUsd(within(from, to)) }];
  return [
    { asks: 'how mcuh did we spned last mnoth', facts: spent('2026-07-01', '2026-07-31') },
    { asks: 'costs in the first week of July', facts: spent('2026-07-01', '2026-07-07') },
    { asks: 'costs between 1 July and 15 July 2026', facts: spent('2026-07-01', '2026-07-15') },
    { asks: 'What did we spend on 12 Aug?', facts: spent('2026-08-12', '2026-08-12') },
    { asks: 'spend yesterday', facts: spent('2026-08-26', '2026-08-26') },
    { asks: 'costs last weekend', facts: spent('2026-08-22', '2026-08-23') },
    { asks: 'How much have we spent since the beginning of August?', facts: spent('2026-08-01', '2026-08-27') },
    { asks: 'What was our spend in Q3?', facts: spent('2026-07-01', '2026-08-27') },
  ];
}

function units(truth: GeneratedTruth): EvalQuestion[] {
  const mean = (which: Which, path = 'per_request'): ExpectedFact => ({
    id: id(path),
    value: truth.costUsd(which) / truth.requests(which),
    tolerance: 1e-4,
  });
  const perTokens = (path: string, count: number, which: Which = () => true): ExpectedFact => ({
    id: id(path),
    value: (count * truth.costUsd(which)) / truth.tokens(which),
    tolerance: 1e-4,
  });
  const chat = of('feature', 'chat-assistant');
  return [
    { asks: 'What is our cost per request?', facts: [mean(() => true)] },
    { asks: 'what does a single chat-assistant call cost on average', facts: [mean(chat)] },
    { asks: 'What do we pay per 1k tokens?', facts: [perTokens('per_thousand_tokens', 1e3)] },
    {
      asks: 'What is the list price of gpt-4o?',
      says: [/\$2\.50 per 1M input tokens, \$1\.25 per 1M cached input tokens and \$10\.00 per 1M output tokens/],
      neverSays: [/Total spend/, /\$2\.5000/],
    },
    {
      asks: 'How does the list price of gpt-4o compare to claude-haiku-4-5?',
      says: [/gpt-4o, list price:\*\* \$2\.50 per 1M input/, /claude-haiku-4-5, list price:\*\* \$1\.00 per 1M input/],
      neverSays: [/Total spend/],
    },
    {
      asks: 'cost per million tokens by model',
      facts: [perTokens('model.gpt-4o.per_million_tokens', 1e6, of('model', 'gpt-4o'))],
    },
    {
      asks: 'How many requests did we make in July?',
      facts: [{ id: id('requests'), value: truth.requests(JULY) }],
    },
    { asks: 'What is our cache hit rate?', says: [/of the input came from a cache/] },
  ];
}

function parts(truth: GeneratedTruth): EvalQuestion[] {
  const cost = (kind: 'team' | 'model', name: string, which: Which = () => true): ExpectedFact => ({
    id: id(`${kind}.${name === '' ? '(untagged)' : name}.cost`),
    value: truth.costUsd(both(of(kind, name), which)),
  });
  const share = (kind: 'team' | 'model', name: string): ExpectedFact => ({
    id: id(`${kind}.${name === '' ? '(untagged)' : name}.share`),
    value: truth.share(of(kind, name)),
    tolerance: 1e-5,
  });
  return [
    { asks: 'Compare support and engineering', facts: [cost('team', 'support'), cost('team', 'engineering')] },
    {
      asks: 'What did support and marketing spend in July?',
      facts: [cost('team', 'support', JULY), cost('team', 'marketing', JULY)],
    },
    {
      asks: 'Which is more expensive, OpenAI or Anthropic?',
      facts: [{ id: id('provider.anthropic.cost'), value: truth.costUsd(of('model', 'claude-sonnet-4-5')) }],
    },
    { asks: 'What share of spend is gpt-4o?', facts: [cost('model', 'gpt-4o'), share('model', 'gpt-4o')] },
    { asks: "what's data's share of the bill", facts: [cost('team', 'data'), share('team', 'data')] },
    { asks: 'What percentage of spend has no team?', facts: [share('team', '')], says: [/Without a team/] },
    { asks: 'Who are our biggest spenders?', facts: [cost('team', 'product')], says: [/Largest team:\*\* product/] },
    {
      asks: 'How many teams do we have?',
      facts: [{ id: id('team.entries'), value: 5 }],
      says: [/Number of teams:\*\* 5/],
    },
    { asks: 'which models does engineering use?', says: [/Largest model:\*\* claude-sonnet-4-5/] },
  ];
}

function changes(truth: GeneratedTruth): EvalQuestion[] {
  const held = (after: Which, before: Which): ExpectedFact[] => [
    { id: id('after'), value: truth.costUsd(after) },
    { id: id('before'), value: truth.costUsd(before) },
  ];
  const august = held(AUGUST, within('2026-07-01', '2026-07-27'));
  const jump = held(within('2026-08-11', '2026-08-11'), within('2026-08-04', '2026-08-04'));
  const [dearest] = truth.dearestDays();
  const [inJuly] = truth.dearestDays(JULY);
  const days = truth.dearestDays().filter(({ day }) => day > '2026-06-29' && day < '2026-08-27');
  const event = [/11 August 2026 to 12 August 2026/];
  return [
    { asks: 'How does August compare to July?', facts: august },
    { asks: 'why are we spending more than last month', facts: august },
    { asks: 'Why did spend rise from July to August?', facts: august },
    { asks: 'why did spend jump on August 11?', facts: jump, says: [/chat-assistant/] },
    { asks: 'What happened on 11 Aug?', facts: jump },
    { asks: 'Why did spend jump on Tuesday?', says: [/25 August 2026 cost/, ...event] },
    { asks: 'Did anything weird happen with our costs lately?', says: event },
    { asks: 'Any anomalies this month?', says: event },
    { asks: "What's the monthly average?", facts: [{ id: /^query_usage\S*\.mean$/, value: truth.costUsd(JULY) }] },
    {
      asks: 'how much do we spend per day on average?',
      facts: [{ id: /^query_usage\S*\.mean$/, value: days.reduce((sum, { usd }) => sum + usd, 0) / days.length }],
    },
    {
      asks: 'What were our most expensive days?',
      facts: [{ id: id(`${dearest?.day ?? ''}.cost`), value: dearest?.usd ?? 0 }],
    },
    {
      asks: 'What was the most expensive day in July?',
      facts: [{ id: id(`${inJuly?.day ?? ''}.cost`), value: inJuly?.usd ?? 0 }],
    },
  ];
}

function budgets(truth: GeneratedTruth): EvalQuestion[] {
  const spent = (which: Which): ExpectedFact => ({ id: /^forecast_spend\S*\.spent$/, value: truth.costUsd(which) });
  return [
    {
      asks: 'Will we stay under $5,000 this month?',
      facts: [spent(AUGUST)],
      says: [/\$5,000\S* taken as one .* is likely to hold/],
    },
    { asks: 'Can we stay below $100 this month?', facts: [spent(AUGUST)], says: [/is likely to be exceeded/] },
    {
      asks: 'Are we on track with our budget of 10k this quarter?',
      facts: [spent(within('2026-07-01', '2026-08-27'))],
    },
    {
      asks: 'How much will AI cost us by the end of the year?',
      facts: [spent(() => true)],
      says: [/31 December 2026/],
    },
    { asks: "What's our burn rate?", says: [/Run rate:\*\* \$/] },
    { asks: 'Do we have enough budget?', says: [/names no amount/] },
    { asks: 'What would happen to our costs if traffic doubled?', says: [/in proportion to the number of requests/] },
  ];
}

function whatIfs(truth: GeneratedTruth): EvalQuestion[] {
  const then = (from: string, to: string, which: Which): ExpectedFact => ({
    id: id(`${from}.${to}.cost_then`),
    value: truth.onModelUsd(to, which),
  });
  return [
    { asks: 'what if support used gpt-5-mini instead', facts: [then('gpt-4o', 'gpt-5-mini', of('team', 'support'))] },
    {
      asks: 'Would it be cheaper to run code review on haiku 4.5?',
      facts: [then('claude-sonnet-4-5', 'claude-haiku-4-5', of('feature', 'code-review'))],
    },
    { asks: 'how do i cut the bill by 95%', says: [/out of reach/] },
    { asks: 'What should we do first?', says: [/Begin with:\*\*/, /To verify:\*\*/, /Owner:\*\*/] },
    {
      asks: 'Is our bill correct?',
      facts: [{ id: id('gap'), value: truth.reportedUsd() - truth.costUsd(), tolerance: 1e-4 }],
      says: [/Where they differ:\*\* claude-sonnet-4-5/],
    },
  ];
}

function followUps(truth: GeneratedTruth): EvalQuestion[] {
  const spent = (which: Which): ExpectedFact[] => [{ id: TOTAL, value: truth.costUsd(which) }];
  const team = (name: string) => ({ id: id(`team.${name}.cost`), value: truth.costUsd(of('team', name)) });
  return [
    {
      after: 'What did we spend last month?',
      asks: 'and for support only?',
      facts: spent(both(of('team', 'support'), JULY)),
    },
    { after: 'What did we spend in August?', asks: 'and the month before?', facts: spent(JULY) },
    { after: 'What did team data spend?', asks: 'and marketing?', facts: spent(of('team', 'marketing')) },
    { after: 'What did team data spend?', asks: 'compare that with support', facts: [team('data'), team('support')] },
    {
      after: 'What did we spend in July 2026?',
      asks: 'break that down by team',
      facts: [{ id: id('team.product.cost'), value: truth.costUsd(both(of('team', 'product'), JULY)) }],
    },
    { after: 'Will we stay under $5,000 this month?', asks: 'and with $100?', says: [/is likely to be exceeded/] },
    {
      after: 'Analyze my AI costs',
      asks: 'how do I verify the first step?',
      says: [/This step:\*\*/, /To verify:\*\*/],
    },
    {
      after: 'Why did spend jump on August 11?',
      asks: 'in detail please',
      says: [/What changed/, /## Where the money goes/, /## What the data carries/],
    },
    { after: 'What did we spend in July 2026?', asks: 'thanks!', says: [/You are welcome/], hasNoFigures: true },
  ];
}

function others(truth: GeneratedTruth): EvalQuestion[] {
  return [
    { asks: 'hello', says: [/Hello\. I analyse/], hasNoFigures: true },
    { asks: 'What is the capital of France?', says: [/not about the cost of language models/], hasNoFigures: true },
    {
      asks: 'What period does the data cover?',
      facts: [{ id: TOTAL, value: truth.costUsd() }],
      says: [/from 29 June 2026 to 27 August 2026/],
    },
    { asks: 'Which prices did you use?', says: [/Prices:\*\* the list prices/] },
  ];
}
