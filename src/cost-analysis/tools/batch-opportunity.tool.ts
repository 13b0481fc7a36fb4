import { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { usdDecimal } from '../prices/money.js';
import type { ToolReport } from './fact.js';
import { factScope, idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { latestOf } from './latest.js';
import { batchEvidence, nightCaveat, type BatchEvidence } from './savings/batch-evidence.js';
import type { BatchWork } from './savings/batch-work.js';
import { batchSaving, SHARES, type BatchPricing } from './savings/measures.js';
import { SavingAnalyses } from './savings/saving-analyses.js';
import { adopted } from './substitution.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema.extend({
  batch_features: z.array(z.string().min(1).max(200)).max(20).default([]).describe('features known to be able to wait'),
});
type Input = z.output<typeof schema>;
const DEFAULTS = schema.parse({});

const ROWS_MAX = 8;

interface Eligible {
  readonly work: BatchWork;
  readonly evidence: BatchEvidence;
  readonly eligibleNano: bigint;
  readonly savingNano: bigint;
}

@Tool({
  name: 'batch_opportunity',
  description:
    'Work that could wait for the batch discount, by evidence only: tagged as batch and not streamed, at night day after day, or a feature that is named.',
  schema,
  idempotent: true,
})
export class BatchOpportunityTool implements ToolHandler<Input> {
  constructor(private readonly analyses: SavingAnalyses) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const [usage, work] = await Promise.all([
      this.analyses.segments.in(input, call.signal),
      this.analyses.batchWork.in(input, call.signal),
    ]);
    const pricing = { prices: await this.analyses.prices(), namedFeatures: input.batch_features };
    const eligible = work.flatMap((one) => eligibleWork(one, pricing));
    const sheet = new FactSheet(factScope('batch_opportunity', input, DEFAULTS), latestOf(work));
    const sum = (part: 'eligibleNano' | 'savingNano') => eligible.reduce((total, one) => total + one[part], 0n);
    const cost = sheet.usd('eligible', sum('eligibleNano'), {
      formula: 'Σ cost of work that is not streamed, not batch yet, and that something says can wait',
      inputs: ['stream', 'is_batch', 'tags', 'ts_start'],
    });
    const share = { part: sum('eligibleNano'), whole: usage.spendNano };
    sheet.percent('eligible_share', share, { formula: 'eligible ÷ all spend', inputs: [cost] });
    addRange(sheet, { path: '', savingNano: sum('savingNano'), cost });
    return sheet.savingReport({
      rows: eligible.slice(0, ROWS_MAX).map((one) => eligibleRow(sheet, one)),
      needs: ['streaming or batch flag', 'time', 'feature'],
      covered: { part: usage.flaggedNano, whole: usage.spendNano },
      caveats:
        eligible.length === 0
          ? [
              'Nothing in the data says that work could wait: no batch tag, and no work that runs only at night.',
              nightCaveat(input.time_zone),
            ]
          : [
              'Batches are answered within a day, not at once.',
              ...(eligible.some(({ evidence }) => evidence === 'night') ? [nightCaveat(input.time_zone)] : []),
            ],
    });
  }
}

function eligibleWork(work: BatchWork, pricing: BatchPricing): Eligible[] {
  const evidence = batchEvidence(work, pricing.namedFeatures);
  if (evidence === undefined) return [];
  const savingNano = batchSaving(work, pricing);
  return savingNano <= 0n
    ? []
    : [{ work, evidence, savingNano, eligibleNano: evidence === 'tag' ? work.taggedNano : work.costNano }];
}

function addRange(sheet: FactSheet, { path, savingNano, cost }: { path: string; savingNano: bigint; cost: string }) {
  const add = (bound: 'low' | 'high') =>
    sheet.usd(`${path}saving_${bound}`, adopted(savingNano, SHARES.batch[bound]), {
      formula: `(cost − cost at the batch price) × ${SHARES.batch[bound]} %`,
      inputs: [cost],
    });
  return { low_fact: add('low'), high_fact: add('high') };
}

function eligibleRow(sheet: FactSheet, { work, evidence, eligibleNano, savingNano }: Eligible) {
  const path = `${idPart(work.model)}.${work.feature === null ? '(untagged)' : idPart(work.feature)}`;
  const cost = sheet.usd(`${path}.eligible`, eligibleNano, {
    formula: 'Σ cost of the eligible work of this model and feature',
    inputs: ['cost_computed'],
  });
  return {
    model: work.model,
    feature: work.feature,
    evidence,
    cost_usd: usdDecimal(eligibleNano),
    cost_fact: cost,
    ...addRange(sheet, { path: `${path}.`, savingNano, cost }),
  };
}
