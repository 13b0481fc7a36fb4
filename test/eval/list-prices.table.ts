/** USD for a million tokens, written down from the providers' price lists: the truth must not come from the code that it checks. */
interface ListPrice {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

const LIST_PRICES: Readonly<Record<string, ListPrice>> = {
  'gpt-4o': { input: 2.5, cached: 1.25, output: 10 },
  'gpt-4o-mini': { input: 0.15, cached: 0.075, output: 0.6 },
  'gpt-5': { input: 1.25, cached: 0.125, output: 10 },
  'gpt-5-mini': { input: 0.25, cached: 0.025, output: 2 },
  'claude-sonnet-4-0': { input: 3, cached: 0.3, output: 15 },
  'claude-sonnet-4-5': { input: 3, cached: 0.3, output: 15 },
  'claude-haiku-4-5': { input: 1, cached: 0.1, output: 5 },
  'gemini-2.5-flash': { input: 0.3, cached: 0.03, output: 2.5 },
};

export interface Tokens {
  /** All input, also what came from the cache. */
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

export function listCostUsd(model: string, { input, cached, output }: Tokens): number {
  const price = LIST_PRICES[model];
  if (price === undefined) throw new Error(`no list price of ${model}`);
  return ((input - cached) * price.input + cached * price.cached + output * price.output) / 1e6;
}
