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
  query: z.string().trim().min(1).max(100).describe('a model, or several separated by commas, e.g. gpt-4o'),
  limit: z.int().min(1).max(20).default(8).describe('models returned'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = { limit: 8 };

/** Models of the one name that is asked for; the rest are cheaper ones. */
const NAMED_MAX = 3;

interface Found {
  /** The model that each name stands for, then others of the name, then cheaper ones. */
  readonly models: readonly ModelDescription[];
  /** How many of them were asked for. */
  readonly asked: number;
  readonly unknown: readonly string[];
}

@Tool({
  name: 'search_prices',
  description:
    'Prices for a million tokens of the models of a name, and of current ones that are cheaper, or of several models: as negotiated, else as listed.',
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
    const { models, asked, unknown } = await modelsFor(input, prices, this.clock.now());
    const sheet = new FactSheet(factScope('search_prices', input, DEFAULTS), prices.asOf);
    sheet.date('prices_as_of', prices.asOf, { formula: 'day the price list was published', inputs: [] });
    return sheet.report({
      rows: models.map((model, index) => ({ ...priceRow(sheet, model), asked: index < asked })),
      needs: ['a model of the price list'],
      covered: { part: BigInt(asked), whole: BigInt(asked + unknown.length) },
      caveats: caveats(models, unknown),
    });
  }
}

async function modelsFor({ query, limit }: Input, prices: PriceBook, now: Date): Promise<Found> {
  const names = query.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  if (names.length <= 1) return oneModel(names[0] ?? query, { limit, prices, now });
  const found = await Promise.all(names.map(async (name) => ({ name, first: (await prices.search(name, now, 1))[0] })));
  const known = found.flatMap(({ first }) => (first === undefined ? [] : [first]));
  const models = known.filter((model, index) => known.findIndex((other) => isSame(model, other)) === index);
  const unknown = found.flatMap(({ name, first }) => (first === undefined ? [name] : []));
  return { models: models.slice(0, limit), asked: Math.min(models.length, limit), unknown };
}

/** The models of that name, and those that cost less than the first of them. */
async function oneModel(
  name: string,
  { limit, prices, now }: { limit: number; prices: PriceBook; now: Date },
): Promise<Found> {
  const named = await prices.search(name, now, Math.min(limit, NAMED_MAX));
  const [first] = named;
  if (first === undefined) return { models: [], asked: 0, unknown: [name] };
  const cheaper = prices
    .cheaperCandidates(first.modelId, now, first.provider)
    .filter((one) => !named.some((other) => isSame(one, other)));
  return { models: [...named, ...cheaper].slice(0, limit), asked: 1, unknown: [] };
}

const isSame = (one: ModelDescription, other: ModelDescription): boolean =>
  one.provider === other.provider && one.modelId === other.modelId;

const caveats = (found: readonly ModelDescription[], unknown: readonly string[]): string[] => [
  ...(unknown.length === 0 ? [] : [`The price list has no ${unknown.join(', and no ')}.`]),
  ...(found.length === 0 ? [] : [origin(found)]),
];

const origin = (found: readonly ModelDescription[]): string =>
  found.some(({ negotiated }) => negotiated)
    ? 'Prices that you negotiated stand in the place of the listed ones.'
    : 'These are list prices: you have negotiated none for these models.';

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
