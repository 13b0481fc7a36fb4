import { Readable } from 'node:stream';
import { SAMPLE_LABEL, sampleUsage } from '../../src/cost-analysis/sample/sample-usage.js';
import type { DataSet } from './data-set.js';
import type { EvalQuestion } from './eval-question.js';
import { GeneratedTruth, type GeneratedRow } from './generated-truth.js';
import { plainQuestions } from './plain-questions.js';
import { rewordedQuestions } from './reworded-questions.js';

const SYNTHETIC = /synthetic/i;
const TOTAL = /^(cost_breakdown|data_quality)(:\S+)?\.(total|spend)$/;
const of = (key: 'team' | 'feature' | 'model', name: string) => (row: GeneratedRow) => row[key] === name;
const within = (from: string, to: string) => (row: GeneratedRow) => row.day >= from && row.day <= to;
const id = (path: string): RegExp => new RegExp(`\\.${path.replace(/[.()]/g, '\\$&')}$`);

/** The generated company: everything about it is known, because it was made. */
export function generatedCompany(): DataSet {
  const truth = new GeneratedTruth();
  return {
    name: 'Generated company',
    file: {
      query: { format: 'generic', synthetic: 'true', label: SAMPLE_LABEL },
      contentType: 'text/csv',
      open: () => Readable.from(sampleUsage()),
    },
    rows: truth.rows.length,
    names: [],
    questions: [
      ...totals(truth),
      ...parts(truth),
      ...periods(truth),
      ...otherModels(truth),
      ...events(truth),
      ...outlooks(),
      ...savings(truth),
      ...others(truth),
      ...plainQuestions(truth),
      ...rewordedQuestions(truth),
    ].map((question) =>
      question.hasNoFigures ? question : { ...question, says: [SYNTHETIC, ...(question.says ?? [])] },
    ),
  };
}

function totals(truth: GeneratedTruth): EvalQuestion[] {
  const total = { id: TOTAL, value: truth.costUsd() };
  const records = { id: id('rows'), value: truth.rows.length };
  const gap = { id: id('gap'), value: truth.reportedUsd() - truth.costUsd(), tolerance: 1e-4 };
  const models = ['gpt-4o', 'gpt-4o-mini', 'gemini-2.5-flash', 'claude-sonnet-4-5', 'gpt-5-mini'];
  const byModel = models.map((name) => ({ id: id(`model.${name}.cost`), value: truth.costUsd(of('model', name)) }));
  return [
    { asks: 'Analyze my AI costs', facts: [total, records, gap, ...byModel], says: [/## Next steps/, /## Method/] },
    { asks: 'What did we spend in total?', facts: [total, records] },
    { asks: 'How much money went to language models?', facts: [total] },
    { asks: 'Does the bill match the list prices?', facts: [gap] },
    { asks: 'Give me a report of our AI spend', facts: [total, gap] },
  ];
}

function parts(truth: GeneratedTruth): EvalQuestion[] {
  const team = (name: string) => ({ id: TOTAL, value: truth.costUsd(of('team', name)) });
  const limited = (scope: string) => [new RegExp(`These figures cover only:\\*\\* ${scope}`)];
  const features = ['search-ranking', 'chat-assistant', 'code-review'];
  const largest = { id: id('team.product.cost'), value: truth.costUsd(of('team', 'product')) };
  return [
    {
      asks: 'Which team costs the most?',
      facts: [largest, { id: id('team.product.share'), value: truth.share(of('team', 'product')), tolerance: 1e-5 }],
      says: [/Largest team:\*\* product/],
    },
    {
      asks: 'Which model is most expensive?',
      facts: [{ id: id('model.gpt-4o.cost'), value: truth.costUsd(of('model', 'gpt-4o')) }],
      says: [/Largest model:\*\* gpt-4o with/],
    },
    {
      asks: 'Break down our costs by feature',
      facts: features.map((name) => ({ id: id(`feature.${name}.cost`), value: truth.costUsd(of('feature', name)) })),
    },
    {
      asks: 'What is spent without a team?',
      facts: [{ id: id('team.(untagged).cost'), value: truth.costUsd(of('team', '')) }],
    },
    { asks: 'What did we spend for team support?', facts: [team('support')], says: limited('team support') },
    {
      asks: 'and for engineering only?',
      after: 'What did we spend for team support?',
      facts: [team('engineering')],
      says: limited('team engineering'),
    },
    {
      asks: 'How much does the feature code-review cost?',
      facts: [{ id: TOTAL, value: truth.costUsd(of('feature', 'code-review')) }],
      says: limited('feature code-review'),
    },
    { asks: 'How much did team marketing spend?', facts: [team('marketing')], says: limited('team marketing') },
    {
      asks: 'costs on claude-sonnet-4-5',
      facts: [{ id: TOTAL, value: truth.costUsd(of('model', 'claude-sonnet-4-5')) }],
      says: limited('model claude-sonnet-4-5'),
    },
    {
      asks: 'What did team search spend?',
      facts: [{ id: TOTAL, value: truth.costUsd() }],
      says: [/There is no team “search”/, /not limited to it/],
    },
  ];
}

function periods(truth: GeneratedTruth): EvalQuestion[] {
  const spent = (from: string, to: string) => [{ id: TOTAL, value: truth.costUsd(within(from, to)) }];
  return [
    { asks: 'What did we spend in July 2026?', facts: spent('2026-07-01', '2026-07-31') },
    {
      asks: 'What did we spend last week?',
      facts: spent('2026-08-17', '2026-08-23'),
      says: [/“last week” is counted/],
    },
    { asks: 'What did we spend on 2026-08-11?', facts: spent('2026-08-11', '2026-08-11') },
    { asks: 'What did we spend from 2026-07-06 to 2026-07-12?', facts: spent('2026-07-06', '2026-07-12') },
    { asks: 'Costs of the last 7 days', facts: spent('2026-08-21', '2026-08-27') },
    {
      asks: 'What did we spend in July 2024?',
      says: [/There is no usage in what the question limits itself to/],
      facts: [{ id: TOTAL, value: truth.costUsd() }],
    },
  ];
}

function otherModels(truth: GeneratedTruth): EvalQuestion[] {
  const then = (from: string, to: string, which = of('model', from)) => ({
    id: id(`${from}.${to}.cost_then`),
    value: truth.onModelUsd(to, which),
  });
  const support = of('team', 'support');
  const saved = truth.costUsd(support) - truth.onModelUsd('gpt-5-mini', support);
  return [
    {
      asks: 'What would gpt-5-mini save us?',
      facts: [then('gpt-4o', 'gpt-5-mini'), then('claude-sonnet-4-5', 'gpt-5-mini')],
      says: [/gpt-5-mini instead of gpt-4o-mini:\*\* costs more/],
    },
    {
      asks: 'What would GPT-5 mini save us on support?',
      facts: [
        then('gpt-4o', 'gpt-5-mini', support),
        { id: id('gpt-4o.gpt-5-mini.saving_low'), value: 0.3 * saved },
        { id: id('gpt-4o.gpt-5-mini.saving_high'), value: 0.8 * saved },
      ],
    },
    { asks: 'Switch from gpt-4o to gpt-4o-mini: what changes?', facts: [then('gpt-4o', 'gpt-4o-mini')] },
    {
      asks: 'What if we replaced claude-sonnet-4-5 with claude-haiku-4-5?',
      facts: [then('claude-sonnet-4-5', 'claude-haiku-4-5')],
    },
  ];
}

function events(truth: GeneratedTruth): EvalQuestion[] {
  const cost = { id: id('event.2026-08-11.cost'), value: truth.costUsd(within('2026-08-11', '2026-08-12')) };
  const says = [/11 August 2026 to 12 August 2026/];
  return [
    { asks: 'Which days were unusual?', facts: [cost], says },
    { asks: 'Were there any spikes in spend?', facts: [cost], says },
    { asks: 'Was anything strange about our costs in August 2026?', facts: [cost], says },
    { asks: 'Which days were unusual in July 2026?', neverSays: [/more than usual/] },
    {
      asks: 'Why did spend jump on 2026-08-11?',
      facts: [{ id: TOTAL, value: truth.costUsd(within('2026-08-11', '2026-08-11')) }],
      says: [/What changed/, /chat-assistant/],
    },
    {
      asks: 'How did spend develop by week?',
      facts: [{ id: TOTAL, value: truth.costUsd() }],
    },
  ];
}

function outlooks(): EvalQuestion[] {
  // The company grows by about a fifth a month, from $460 a month: made so, not measured. September is the month after the data.
  const total = { id: /^forecast_spend(:\S+)?\.total$/, value: 540, tolerance: 0.15 };
  return [
    { asks: 'What will we spend next month?', facts: [total], says: [/likely between/] },
    { asks: 'Forecast our AI spend', facts: [total], says: [/likely between/] },
    { asks: 'Will we stay within our budget of $5,000 next month?', facts: [total], says: [/is likely to hold/] },
    { asks: 'Is a budget of $100 enough for next month?', facts: [total], says: [/is likely to be exceeded/] },
  ];
}

function savings(truth: GeneratedTruth): EvalQuestion[] {
  const nightly = truth.costUsd(of('feature', 'nightly-enrichment'));
  const batch = { id: /batch.*\.(gross|saving)_high$|\.high$/, value: nightly / 2, tolerance: 0.1 };
  return [
    {
      asks: 'How can we save?',
      facts: [{ id: /^combine_savings\.batch\.gpt-4o-mini\.gross_high$/, value: nightly / 2, tolerance: 0.1 }],
      says: [/overlap/, /To verify/, /Confidence/],
    },
    { asks: 'Would batch processing save us money?', facts: [batch], says: [/nightly-enrichment/] },
    { asks: 'Would prompt caching save us money?', says: [/the data has none/] },
  ];
}

function others(truth: GeneratedTruth): EvalQuestion[] {
  return [
    { asks: 'Which fields is our usage data missing?', says: [/prompt hash/, /prefix hash/, /project/] },
    {
      asks: 'How good is the coverage of teams in the data?',
      facts: [{ id: id('coverage.team'), value: 100 - truth.share(of('team', '')), tolerance: 1e-5 }],
    },
  ];
}
