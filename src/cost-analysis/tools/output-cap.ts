import { usdDecimal } from '../prices/money.js';
import type { ToolReport } from './fact.js';
import { idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';

/** A limit on output tokens: how many, how many tokens lie above it over all calls, and what these cost in nano-USD. */
export interface OutputCap {
  readonly tokens: bigint;
  readonly excess: bigint;
  readonly savingNano: bigint;
}

export interface CappedModel {
  readonly model: string;
  readonly provider: string | null;
  readonly costNano: bigint;
  readonly output: bigint;
  readonly caps: { readonly p95: OutputCap; readonly p99: OutputCap };
  readonly last: Date;
}

/** Σ max(0, O − cap) · p_out for caps at the ninety-ninth (low) and ninety-fifth percentile (high) of each model's calls at one provider. */
export function outputCapReport(scope: string, models: readonly CappedModel[], totalNano: bigint): ToolReport {
  const last = models.reduce<Date | null>(
    (most, model) => (most === null || model.last > most ? model.last : most),
    null,
  );
  const sheet = new FactSheet(scope, last);
  const covered = models.reduce((total, { costNano }) => total + costNano, 0n);
  sheet.percent(
    'coverage',
    { part: covered, whole: totalNano },
    { formula: 'spend in single requests with a price ÷ all spend', inputs: ['single requests'] },
  );
  return sheet.report({
    rows: models.map((model) => {
      const isElsewhere = models.some((other) => other !== model && other.model === model.model);
      return capRow(sheet, model, { totalNano, ofProvider: isElsewhere ? (model.provider ?? UNNAMED) : null });
    }),
    needs: ['single requests', 'model', 'tokens'],
    covered: { part: covered, whole: totalNano },
    caveats:
      models.length === 0
        ? ['Output limits need one row for each request; the data has none that could be priced.']
        : ['A limit cuts answers off: check that what lies above it is not needed.'],
  });
}

const UNNAMED = 'an unnamed provider';

interface RowContext {
  readonly totalNano: bigint;
  /** Where the model is used at several: each has calls, and so limits, of its own. */
  readonly ofProvider: string | null;
}

function capRow(
  sheet: FactSheet,
  { model, costNano, output, caps }: CappedModel,
  { totalNano, ofProvider }: RowContext,
) {
  const path = ofProvider === null ? idPart(model) : `${idPart(model)}.${idPart(ofProvider)}`;
  const [low, high] = [capFacts(sheet, `${path}.p99`, caps.p99), capFacts(sheet, `${path}.p95`, caps.p95)];
  const share = sheet.percent(
    `${path}.p95.output_share`,
    { part: caps.p95.excess, whole: output },
    { formula: 'tokens above the limit ÷ all output tokens', inputs: [] },
  );
  const coverage = sheet.percent(
    `${path}.coverage`,
    { part: costNano, whole: totalNano },
    { formula: 'spend of the model in single requests with a price ÷ all spend', inputs: ['single requests'] },
  );
  return {
    model,
    of_provider: ofProvider,
    cost_usd: usdDecimal(costNano),
    cap_low_tokens: caps.p99.tokens.toString(),
    cap_high_tokens: caps.p95.tokens.toString(),
    cap_low_fact: low.cap,
    cap_high_fact: high.cap,
    low_fact: low.saving,
    high_fact: high.saving,
    share_fact: share ?? null,
    coverage_fact: coverage ?? null,
  };
}

function capFacts(
  sheet: FactSheet,
  path: string,
  { tokens, excess, savingNano }: OutputCap,
): { cap: string; saving: string } {
  const cap = sheet.tokens(`${path}.cap`, tokens, {
    formula: 'percentile of output tokens of a call',
    inputs: ['output_total'],
  });
  const above = sheet.tokens(`${path}.excess`, excess, {
    formula: 'Σ max(0, output − cap)',
    inputs: ['output_total', cap],
  });
  return {
    cap,
    saving: sheet.usd(`${path}.saving`, savingNano, {
      formula: 'tokens above the limit × output price',
      inputs: [above],
    }),
  };
}
