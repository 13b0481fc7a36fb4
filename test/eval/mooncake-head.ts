import { z } from 'zod';
import type { AbsentDataSet, DataSet } from './data-set.js';
import type { EvalQuestion } from './eval-question.js';
import { listCostUsd } from './list-prices.table.js';
import { prefixReuse, type PrefixReuse } from './prefix-reuse.js';
import { TraceFile } from './trace-file.js';

const NAME = 'Mooncake head';
const TOTAL = /^(cost_breakdown|data_quality)\.(total|spend)$/;
/** The import keeps so many blocks of a prompt; what a few longer ones share beyond that is not counted. */
const CUT_SHORT = 0.01;

const call = z
  .object({
    timestamp: z.number(),
    input_length: z.number(),
    output_length: z.number(),
    hash_ids: z.array(z.number()),
  })
  .transform((line) => ({
    timestampMs: line.timestamp,
    input: line.input_length,
    output: line.output_length,
    blocks: line.hash_ids,
  }));

/** Half an hour of a production chat service with its prompt prefixes (kvcache-ai/Mooncake, Apache-2.0): real tokens, an assumed model. */
export function mooncakeHead(): DataSet | AbsentDataSet {
  const trace = new TraceFile('mooncake_conversation_trace.head6000.jsonl');
  if (!trace.isThere) return { name: NAME, absent: trace.name };
  const calls = trace.lines().map((line) => call.parse(JSON.parse(line)));
  const costUsd = (model: string): number =>
    calls.reduce((total, { input, output }) => total + listCostUsd(model, { input, cached: 0, output }), 0);
  return {
    name: NAME,
    file: {
      query: { format: 'mooncake', price_as: 'gpt-4o' },
      contentType: 'application/x-ndjson',
      open: () => trace.open(),
    },
    rows: calls.length,
    names: [],
    questions: [...amounts(costUsd, calls.length), ...caching(prefixReuse(calls)), ...refusals()],
  };
}

function amounts(costUsd: (model: string) => number, records: number): EvalQuestion[] {
  const total = { id: TOTAL, value: costUsd('gpt-4o') };
  const then = (model: string) => ({ id: new RegExp(`gpt-4o\\.${model}\\.cost_then$`), value: costUsd(model) });
  const source = [/Mooncake trace, real tokens, priced as gpt-4o: \$212\.43/];
  return [
    {
      asks: 'Analyze my AI costs',
      facts: [total, { id: /\.rows$/, value: records }],
      says: source,
      neverSays: [/a year/],
    },
    { asks: 'What did we spend?', facts: [total], says: source },
    { asks: 'What would gpt-4o-mini save us?', facts: [then('gpt-4o-mini')] },
    { asks: 'What would gpt-5-mini cost instead of gpt-4o?', facts: [then('gpt-5-mini')] },
  ];
}

function caching({ cacheableTokens, servedTokens }: PrefixReuse): EvalQuestion[] {
  const saved =
    listCostUsd('gpt-4o', { input: servedTokens, cached: 0, output: 0 }) -
    listCostUsd('gpt-4o', { input: servedTokens, cached: servedTokens, output: 0 });
  const share = { id: /reusable_share$/, value: (100 * servedTokens) / cacheableTokens, tolerance: CUT_SHORT };
  const high = { id: /cache_opportunity\S*saving_high$/, value: saved, tolerance: CUT_SHORT };
  return [
    { asks: 'Would prompt caching save us money?', facts: [share, high] },
    { asks: 'How much of our input could be cached?', facts: [share] },
    {
      asks: 'How can we save money?',
      facts: [{ id: /^combine_savings\.caching\.gpt-4o\.gross_high$/, value: saved, tolerance: CUT_SHORT }],
      says: [/overlap/, /Cache the prompt prefixes/],
    },
  ];
}

function refusals(): EvalQuestion[] {
  return [
    { asks: 'What will we spend next month?', says: [/too few whole days/], neverSays: [/likely between/] },
    { asks: 'Were there spikes in our spend?', says: [/too little usage/] },
    { asks: 'Which feature is the most expensive?', says: [/no usage names one/] },
    { asks: 'Break down costs by team', says: [/No spend names a team/] },
  ];
}
