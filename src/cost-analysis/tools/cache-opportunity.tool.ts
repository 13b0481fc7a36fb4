import type { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { usdDecimal } from '../prices/money.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { latestOf } from './latest.js';
import type { CacheReuse } from './savings/cache-reuse.js';
import { cachedSegments, cacheRange, type CacheOutcome } from './savings/caching.js';
import { byModel } from './savings/model-moves.js';
import { SavingAnalyses } from './savings/saving-analyses.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema;
type Input = z.output<typeof schema>;

const ROWS_MAX = 8;

interface CachedModel {
  readonly model: string;
  readonly reuse: readonly CacheReuse[];
  readonly outcomes: readonly CacheOutcome[];
}

@Tool({
  name: 'cache_opportunity',
  description:
    'What prompt caching would save: prefixes that come again within the time to live, less what writing them costs. Needs prefix hashes or blocks.',
  schema,
  idempotent: true,
})
export class CacheOpportunityTool implements ToolHandler<Input> {
  constructor(private readonly analyses: SavingAnalyses) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const [usage, reuse] = await Promise.all([
      this.analyses.segments.in(input, call.signal),
      this.analyses.cacheReuse.in(input, call.signal),
    ]);
    const sheet = new FactSheet(factScope('cache_opportunity', input, {}), latestOf(reuse));
    const outcomes = byModel(cachedSegments(reuse, await this.analyses.prices()));
    const models = [...byModel(reuse)].map(([model, own]) => ({
      model,
      reuse: own,
      outcomes: outcomes.get(model) ?? [],
    }));
    return sheet.savingReport({
      rows: models
        .filter((one) => one.outcomes.length > 0)
        .slice(0, ROWS_MAX)
        .map((one) => modelRow(sheet, one)),
      needs: ['prefix hash', 'single requests'],
      covered: { part: reuse.reduce((total, { costNano }) => total + costNano, 0n), whole: usage.spendNano },
      caveats:
        reuse.length === 0
          ? [
              'Prefixes that come again are found by their hash; the data has none on single requests that could be priced.',
            ]
          : [
              'Caching everything can lose money where writing to the cache costs more than sending: cache what comes again.',
              'With a prefix hash alone, the shared part is taken to be as long as the shortest call that has it.',
            ],
    });
  }
}

function modelRow(sheet: FactSheet, { model, reuse, outcomes }: CachedModel) {
  const path = idPart(model);
  const { share, inputs } = traffic(sheet, path, reuse);
  const ranges = outcomes.map((one) => cacheRange(one));
  const usd = (name: string, nano: readonly bigint[], how: string) => {
    const formula = `reads × (input − read price) − writes × (write price − input), ${how}`;
    const total = nano.reduce((sum, one) => sum + one, 0n);
    return sheet.usd(`${path}.${name}`, total, { formula, inputs });
  };
  const of = (pick: (outcome: CacheOutcome) => bigint): bigint[] => outcomes.map(pick);
  return {
    model,
    style: outcomes[0]?.style ?? null,
    cost_usd: usdDecimal(reuse.reduce((total, { costNano }) => total + costNano, 0n)),
    reusable_share_fact: share ?? null,
    low_fact: usd('saving_low', lows(ranges), 'five minutes, cautious'),
    high_fact: usd('saving_high', highs(ranges), 'five minutes, only what comes again'),
    everything_fact: usd(
      'everything',
      of(({ minutes5 }) => minutes5.everythingNano),
      'five minutes, everything',
    ),
    everything_hour_fact: usd(
      'everything_hour',
      of(({ hour1 }) => hour1.everythingNano),
      'one hour, everything',
    ),
    selected_hour_fact: usd(
      'selected_hour',
      of(({ hour1 }) => hour1.selectedNano),
      'one hour, only what comes again',
    ),
  };
}

type CacheRange = ReturnType<typeof cacheRange>;
const lows = (ranges: readonly CacheRange[]): bigint[] => ranges.map(({ lowNano }) => lowNano);
const highs = (ranges: readonly CacheRange[]): bigint[] => ranges.map(({ highNano }) => highNano);

function traffic(sheet: FactSheet, path: string, reuse: readonly CacheReuse[]) {
  const tokens = (part: 'read' | 'written'): bigint => reuse.reduce((total, one) => total + one.minutes5[part], 0n);
  const [read, written] = [tokens('read'), tokens('written')];
  const fields = ['prefix_hash', 'ts_start', 'input_uncached'];
  const inputs = [
    sheet.tokens(`${path}.read_tokens`, read, {
      formula: 'Σ uncached input tokens whose prefix was sent within five minutes before',
      inputs: fields,
    }),
    sheet.tokens(`${path}.written_tokens`, written, {
      formula: 'Σ uncached input tokens of prefixes that were not',
      inputs: fields,
    }),
  ];
  const part = { part: read, whole: read + written };
  const share = sheet.percent(`${path}.reusable_share`, part, { formula: 'read ÷ (read + written)', inputs });
  return { inputs, share };
}
