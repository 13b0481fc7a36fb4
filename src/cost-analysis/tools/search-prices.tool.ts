import { z } from 'zod';
import { Clock } from '../../telemetry/clock.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { PriceBook } from '../prices/price-book.js';
import { nanoUsdOf } from '../prices/money.js';
import type { ModelDescription } from '../prices/model-description.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';

const schema = z.object({
  query: z.string().trim().min(1).max(100).describe('a model, e.g. gpt-4o'),
  limit: z.int().min(1).max(20).default(8).describe('models returned'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = { limit: 8 };

@Tool({
  name: 'search_prices',
  description: 'List prices for a million tokens of a model, and of current ones that are cheaper.',
  schema,
  idempotent: true,
})
export class SearchPricesTool implements ToolHandler<Input> {
  constructor(
    private readonly prices: PriceBook,
    private readonly clock: Clock,
  ) {}

  execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const now = this.clock.now();
    const asked = this.prices.describeModel(input.query, now);
    const found = asked === undefined ? [] : [asked, ...this.prices.cheaperCandidates(input.query, now)];
    const sheet = new FactSheet(factScope('search_prices', input, DEFAULTS), this.prices.asOf);
    sheet.date('prices_as_of', this.prices.asOf, { formula: 'day the price list was published', inputs: [] });
    const report = sheet.report({
      rows: found.slice(0, input.limit).map((model) => priceRow(sheet, model)),
      needs: ['a model of the price list'],
      covered: { part: found.length === 0 ? 0n : 1n, whole: 1n },
      caveats:
        found.length === 0
          ? ['The price list has no such model.']
          : ['These are list prices; negotiated ones are not in them.'],
    });
    return Promise.resolve(report);
  }
}

function priceRow(sheet: FactSheet, { provider, modelId, contextWindow, deprecated, usdPerMillion }: ModelDescription) {
  const path = `${idPart(provider)}.${idPart(modelId)}`;
  const price = (name: string, usd: string) =>
    sheet.smallUsd(`${path}.${name}`, nanoUsdOf(usd) ?? 0n, {
      formula: 'list price for a million tokens',
      inputs: ['price list'],
    });
  return {
    model: modelId,
    provider,
    deprecated,
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
