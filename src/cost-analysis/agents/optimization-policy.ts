import type { PlannedCall } from '../../models/plan.js';
import { cite, renderFacts } from '../reports/grounding.js';
import { RunFacts } from '../reports/run-facts.js';
import { given, listed, type CallsThenText } from './calls-then-text.js';
import { isNamed } from './asked-scope.js';
import { scopeOf, type Opportunity, type TriageFinding } from './findings.js';
import { opportunities, type SpendInData } from './opportunities.js';

/** The analyses that the data allows: substitution needs models and tokens, which sufficient data has; a limit needs single requests. */
export function optimizationCalls(triage: TriageFinding, modelsInUse: readonly string[]): PlannedCall[] {
  const { entities, missing } = triage;
  const scope = scopeOf(triage);
  const { from_model: source, to_model: wanted } = entities;
  const inUse = source === undefined ? undefined : modelsInUse.find((model) => isNamed(model, source));
  return [
    { tool: 'simulate_model_substitution', parameters: given({ ...scope, from_model: inUse, to_model: wanted }) },
    ...(missing.includes('single requests') ? [] : [{ tool: 'output_cap', parameters: scope }]),
  ];
}

const PURPOSES: Readonly<Record<string, string>> = {
  simulate_model_substitution: 'what the same tokens would have cost on cheaper models',
  output_cap: 'what a limit on the longest answers would save',
};

/** How the optimization agent proceeds without a model. */
export const optimizationPolicy = (calls: readonly PlannedCall[], spend: SpendInData): CallsThenText => ({
  calls: () => calls,
  asking: (open) => {
    const without = calls.some(({ tool }) => tool === 'output_cap')
      ? ''
      : ' Output limits are left out: the data has no single requests.';
    return `Computing ${listed(open.map(({ tool }) => PURPOSES[tool] ?? tool))}.${without}`;
  },
  conclude: (view) => {
    const facts = new RunFacts(view.calls);
    const text = savingsSummary(opportunities(facts, spend));
    return { reasoning: renderFacts(text, facts.facts), text };
  },
});

/** The savings in a few sentences, numbers by citation. */
export function savingsSummary(found: readonly Pick<Opportunity, 'title' | 'low_fact' | 'high_fact'>[]): string {
  if (found.length === 0) return 'No saving is large enough to be worth the work.';
  const each = found.map(({ title, low_fact: low, high_fact: high }) => `${title}: ${cite(low)} to ${cite(high)}.`);
  return `${each.join(' ')} Each range is on the spend in the data and stands alone; they overlap.`;
}
