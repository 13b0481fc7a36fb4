import { usdDecimal } from '../prices/money.js';
import type { ToolReport } from './fact.js';
import { idPart } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { adopted, worthTesting, type Substitution } from './substitution.js';

export interface SimulatedModel {
  readonly model: string;
  readonly costNano: bigint;
  readonly substitutions: readonly Substitution[];
}

export interface Simulation {
  readonly simulated: readonly SimulatedModel[];
  /** All spend in scope, nano-USD. */
  readonly totalNano: bigint;
  readonly adoptionPercent: { readonly low: number; readonly high: number };
  /** A model to move to that was asked for and has no known price. */
  readonly unpricedTarget?: string | undefined;
  readonly last: Date | null;
}

/** Facts and rows of simulated substitutions; `suggested` marks the one to test for each model. */
export function substitutionReport(scope: string, simulation: Simulation): ToolReport {
  const sheet = new FactSheet(scope, simulation.last);
  const { low, high } = simulation.adoptionPercent;
  const assumed = { formula: 'assumed share of the traffic that can move', inputs: [] };
  const adoption = [
    sheet.estimatedPercent('adoption_low', low, assumed),
    sheet.estimatedPercent('adoption_high', high, assumed),
  ];
  const rows = simulation.simulated.flatMap(({ model, costNano, substitutions }) => {
    const suggested = worthTesting(substitutions);
    const now = sheet.usd(`${idPart(model)}.cost_now`, costNano, {
      formula: 'Σ recomputed cost of the model in use',
      inputs: ['cost_computed'],
    });
    const part = sheet.percent(
      `${idPart(model)}.coverage`,
      { part: costNano, whole: simulation.totalNano },
      { formula: 'cost of the model in use ÷ all spend', inputs: [now] },
    );
    return substitutions.map((substitution) => ({
      ...substitutionRow(sheet, substitution, { suggested: substitution === suggested, low, high, adoption, now }),
      coverage_fact: part ?? null,
    }));
  });
  const covered = simulation.simulated.reduce(
    (total, { costNano, substitutions }) => (substitutions.length > 0 ? total + costNano : total),
    0n,
  );
  sheet.percent(
    'coverage',
    { part: covered, whole: simulation.totalNano },
    { formula: 'priced spend of the simulated models ÷ all spend', inputs: ['model'] },
  );
  return sheet.report({
    rows,
    needs: ['model', 'tokens', 'cost'],
    covered: { part: covered, whole: simulation.totalNano },
    caveats: caveats(simulation),
  });
}

interface RowContext {
  readonly suggested: boolean;
  readonly low: number;
  readonly high: number;
  readonly adoption: readonly string[];
  /** Id of the fact that says what the model in use cost. */
  readonly now: string;
}

function substitutionRow(
  sheet: FactSheet,
  substitution: Substitution,
  { suggested, low, high, adoption, now }: RowContext,
) {
  const { from, to, costNano, costThenNano, savingNano, fits } = substitution;
  const path = `${idPart(from)}.${idPart(to.modelId)}`;
  const then = sheet.usd(`${path}.cost_then`, costThenNano, {
    formula: `Σ cost of the same tokens on ${to.modelId}, prices of the last day of usage`,
    inputs: ['tokens'],
  });
  // The more of the traffic moves to a model that costs more, the less is saved.
  const [few, many] = savingNano < 0n ? [high, low] : [low, high];
  const saving = (part: 'low' | 'high', percent: number) =>
    sheet.usd(`${path}.saving_${part}`, adopted(savingNano, percent), {
      formula: '(cost_now − cost_then) × adoption',
      inputs: [now, then, ...adoption],
    });
  return {
    from_model: from,
    to_model: to.modelId,
    to_provider: to.provider,
    cost_now_usd: usdDecimal(costNano),
    cost_then_usd: usdDecimal(costThenNano),
    fits_context: fits,
    costs_more: savingNano < 0n,
    suggested,
    now_fact: now,
    then_fact: then,
    low_fact: saving('low', few),
    high_fact: saving('high', many),
  };
}

function caveats({ simulated, unpricedTarget }: Simulation): string[] {
  if (unpricedTarget !== undefined) return [`The price list has no model ${unpricedTarget}.`];
  if (simulated.length === 0) return ['There is no priced usage of the model in question.'];
  const all = simulated.flatMap(({ substitutions }) => substitutions);
  return [
    ...(all.length === 0 ? ['The price list has no cheaper candidate for the models that cost most.'] : []),
    'Whether a cheaper model is good enough is not known from usage data; it needs a test on your own cases.',
    'Models count tokens differently, so real costs on the other model can differ.',
    ...(all.some(({ fits }) => fits === null)
      ? ['Whether the inputs fit into the context window could not be checked everywhere.']
      : []),
  ];
}
