import type { AbsentDataSet, DataSet } from './data-set.js';
import type { EvalQuestion } from './eval-question.js';
import { listCostUsd } from './list-prices.table.js';
import { TraceFile } from './trace-file.js';

const NAME = 'Azure hour';
const RECORDS = 19_366;
const SOURCE = 'Azure LLM inference trace, real tokens, priced as gpt-4o: $96.79';
const TOTAL = /^(cost_breakdown|data_quality)\.(total|spend)$/;

/** One hour of a production chat service (Azure/AzurePublicDataset, CC-BY-4.0): real tokens, an assumed model. */
export function azureHour(): DataSet | AbsentDataSet {
  const trace = new TraceFile('AzureLLMInferenceTrace_conv.csv');
  if (!trace.isThere) return { name: NAME, absent: trace.name };
  const calls = trace
    .lines()
    .slice(1)
    .map((line) => line.split(',').slice(1).map(Number))
    .map(([input = 0, output = 0]) => ({ input, cached: 0, output }));
  return {
    name: NAME,
    file: {
      query: { format: 'azure-trace', price_as: 'gpt-4o' },
      contentType: 'text/csv',
      open: () => trace.open(),
    },
    rows: RECORDS,
    names: [],
    questions: questions(
      (model) => calls.reduce((total, tokens) => total + listCostUsd(model, tokens), 0),
      calls.map(({ output }) => output).sort((a, b) => a - b),
    ),
  };
}

function questions(costUsd: (model: string) => number, outputs: readonly number[]): EvalQuestion[] {
  const total = { id: TOTAL, value: costUsd('gpt-4o') };
  const source = [new RegExp(SOURCE.replace(/[.$]/g, '\\$&'))];
  return [
    {
      asks: 'Analyze my AI costs',
      facts: [total, { id: /\.rows$/, value: RECORDS }],
      says: source,
      neverSays: [/a year/],
    },
    { asks: 'What did we spend?', facts: [total], says: source },
    { asks: 'What did that hour cost in US dollars?', facts: [total], says: source },
    { asks: 'Which model costs the most?', facts: [{ id: /model\.gpt-4o\.cost$/, value: costUsd('gpt-4o') }] },
    ...moves(costUsd),
    ...caps(outputs),
    ...refusals(),
  ];
}

function moves(costUsd: (model: string) => number): EvalQuestion[] {
  return ['gpt-4o-mini', 'gpt-5', 'gpt-5-mini', 'claude-haiku-4-5', 'claude-sonnet-4-5'].map((model) => {
    const [now, then] = [costUsd('gpt-4o'), costUsd(model)];
    const facts = [
      { id: new RegExp(`gpt-4o\\.${model}\\.cost_then$`), value: then },
      { id: /gpt-4o\.cost_now$/, value: now },
    ];
    const asks = `What would ${model} save us?`;
    if (then > now) return { asks, facts, says: [/costs more/], neverSays: [/saves \$/] };
    const low = { id: new RegExp(`gpt-4o\\.${model}\\.saving_low$`), value: 0.3 * (now - then) };
    return { asks, facts: [...facts, low], says: [/if only a part of the traffic moves/] };
  });
}

/** Output beyond the p-th percentile, at the price of output. */
function caps(outputs: readonly number[]): EvalQuestion[] {
  const saving = (percentile: number): number => {
    const cap = outputs[Math.ceil(percentile * outputs.length) - 1] ?? 0;
    const excess = outputs.reduce((total, output) => total + Math.max(0, output - cap), 0);
    return listCostUsd('gpt-4o', { input: 0, cached: 0, output: excess });
  };
  const facts = [
    { id: /output_cap\S*low$/, value: saving(0.99), tolerance: 0.02 },
    { id: /output_cap\S*high$/, value: saving(0.95), tolerance: 0.02 },
  ];
  return [
    { asks: 'What would a limit on the length of answers save?', facts },
    { asks: 'How can we save money?', facts, says: [/Limit the longest answers/, /overlap/] },
  ];
}

function refusals(): EvalQuestion[] {
  return [
    { asks: 'What will we spend next month?', says: [/too few whole days/], neverSays: [/likely between/] },
    { asks: 'Which days were unusual?', says: [/too little usage/], neverSays: [/more than usual/] },
    { asks: 'Which team costs the most?', says: [/no usage names one/] },
    { asks: 'Would prompt caching save us money?', says: [/the data has none/], neverSays: [/Saving, high/] },
    {
      asks: 'Which fields is our usage data missing?',
      says: [/- team,/, /- feature,/, /- latency,/, /- reported cost,/],
    },
    { asks: 'What did we spend on claude-sonnet-4-5?', says: [/There is no model “claude-sonnet-4-5”/] },
    { asks: 'Who is the president of France?', says: [/not about the cost of language models/], neverSays: [/Macron/] },
  ];
}
