import { z } from 'zod';
import { Clock } from '../../telemetry/clock.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import type { PriceBook } from '../prices/price-book.js';
import { nanoUsdOf } from '../prices/money.js';
import type { ModelDescription } from '../prices/model-description.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { SavingAnalyses } from './savings/saving-analyses.js';

const schema = z.object({
  query: z.string().trim().min(1).max(100).describe('a model, e.g. gpt-4o'),
  limit: z.int().min(1).max(20).default(8).describe('models returned'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = { limit: 8 };

/** Models of the name that is asked for; the rest are cheaper ones. */
const NAMED_MAX = 3;

@Tool({
  name: 'search_prices',
  description:
    'Prices for a million tokens of the models of a name, and of current ones that are cheaper: as negotiated, else as listed.',
  schema,
  idempotent: true,
})
export class SearchPricesTool implements ToolHandler<Input> {
  constructor(
    private readonly analyses: SavingAnalyses,
    private readonly clock: Clock,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const prices = await this.analyses.prices();
    const found = await modelsFor(input, prices, this.clock.now());
    const sheet = new FactSheet(factScope('search_prices', input, DEFAULTS), prices.asOf);
    sheet.date('prices_as_of', prices.asOf, { formula: 'day the price list was published', inputs: [] });
    return sheet.report({
      rows: found.map((model) => priceRow(sheet, model)),
      needs: ['a model of the price list'],
      covered: { part: found.length === 0 ? 0n : 1n, whole: 1n },
      caveats: [caveat(found)],
    });
  }
}

/** The models of that name, and those that cost less than the first of them. */
async function modelsFor({ query, limit }: Input, prices: PriceBook, now: Date): Promise<ModelDescription[]> {
  const named = await prices.search(query, now, Math.min(limit, NAMED_MAX));
  const [first] = named;
  const cheaper = first === undefined ? [] : prices.cheaperCandidates(first.modelId, now, first.provider);
  const isNamed = (one: ModelDescription): boolean =>
    named.some(({ provider, modelId }) => provider === one.provider && modelId === one.modelId);
  return [...named, ...cheaper.filter((one) => !isNamed(one))].slice(0, limit);
}

function caveat(found: readonly ModelDescription[]): string {
  if (found.length === 0) return 'The price list has no such model.';
  return found.some(({ negotiated }) => negotiated)
    ? 'Prices that you negotiated stand in the place of the listed ones.'
    : 'These are list prices: you have negotiated none for these models.';
}

function priceRow(sheet: FactSheet, model: ModelDescription) {
  const { provider, modelId, contextWindow, deprecated, negotiated, usdPerMillion } = model;
  const path = `${idPart(provider)}.${idPart(modelId)}`;
  const price = (name: string, usd: string) =>
    sheet.unitPrice(`${path}.${name}`, nanoUsdOf(usd) ?? 0n, {
      formula: `${negotiated ? 'negotiated' : 'list'} price for a million tokens`,
      inputs: [negotiated ? 'price overrides' : 'price list'],
    });
  return {
    model: modelId,
    provider,
    deprecated,
    negotiated,
    input_fact: price('input', usdPerMillion.input),
    cache_read_fact: price('cache_read', usdPerMillion.cacheRead),
    output_fact: price('output', usdPerMillion.output),
    ...(contextWindow === undefined
      ? {}
      : {
          context_fact: sheet.tokens(`${path}.context`, BigInt(contextWindow), {
            formula: 'largest input',
            inputs: ['price list'],
          }),
        }),
  };
}
