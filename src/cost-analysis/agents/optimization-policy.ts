import type { CurrencyDisplay } from '../../context/user-preferences.js';
import type { PlannedCall } from '../../models/plan.js';
import { cite, renderFacts } from '../reports/grounding.js';
import { RunFacts } from '../reports/run-facts.js';
import { isNamed, isOfFamily } from './known-names.js';
import { given, listed, type CallsThenText } from './calls-then-text.js';
import { allDaysOf, scopeOf, type Opportunity, type TriageFinding } from './findings.js';
import { opportunities } from './opportunities.js';
import type { Intent } from './intent-words.table.js';
import { TOPIC_TOOLS } from './saving-topics.js';

/** Analyses of one saving each, in the order in which savings are applied, and the fields without which they find nothing. */
const ANALYSES: readonly { readonly tool: string; readonly needs: readonly string[] }[] = [
  { tool: 'retry_waste', needs: [] },
  { tool: 'duplicate_requests', needs: ['single requests', 'prompt hash'] },
  { tool: 'oversized_context', needs: ['single requests'] },
  { tool: 'output_cap', needs: ['single requests'] },
  { tool: 'simulate_model_substitution', needs: [] },
  { tool: 'cache_opportunity', needs: ['single requests', 'prefix hash'] },
  { tool: 'batch_opportunity', needs: [] },
];

export const OPTIMIZATION_TOOLS = [
  ...new Set([...ANALYSES.map(({ tool }) => tool), ...Object.values(TOPIC_TOOLS), 'combine_savings']),
];

/** The analyses that the question asks for and the data allows; none when it is not about saving. */
export function optimizationCalls(triage: TriageFinding, modelsInUse: readonly string[]): PlannedCall[] {
  const { intent, topics, entities } = triage;
  const scope = scopeOf(triage);
  if (intent === 'what_if' && topics.length === 0) return [simulation(triage, modelsInUse)];
  if (topics.length > 0 && intent !== 'overview')
    return topics.map((topic) => ({
      tool: TOPIC_TOOLS[topic],
      parameters:
        topic === 'prices' ? { query: entities.models.join(', ') } : topic === 'commitment' ? allDaysOf(triage) : scope,
    }));
  if (!COMBINED.has(intent)) return [];
  return [
    ...allowed(triage).map((tool) =>
      tool === 'simulate_model_substitution' ? simulation(triage, modelsInUse) : { tool, parameters: scope },
    ),
    { tool: 'combine_savings', parameters: scope },
  ];
}

/** Questions whose answer is all savings together. */
const COMBINED: ReadonlySet<Intent> = new Set<Intent>(['overview', 'savings', 'advice']);

const allowed = ({ missing }: Pick<TriageFinding, 'missing'>): string[] =>
  ANALYSES.filter(({ needs }) => !needs.some((field) => missing.includes(field))).map(({ tool }) => tool);

function simulation(triage: TriageFinding, modelsInUse: readonly string[]): PlannedCall {
  const { from_model: source, to_model: wanted } = triage.entities;
  const meant = source === undefined ? [] : modelsInUse.filter((model) => isOfFamily(model, source));
  const inUse = meant.length === 1 ? meant[0] : meant.find((model) => isNamed(model, source ?? ''));
  const parameters = given({ ...scopeOf(triage), from_model: inUse, to_model: wanted });
  return { tool: 'simulate_model_substitution', parameters };
}

const PURPOSES: Readonly<Record<string, string>> = {
  retry_waste: 'what failed and repeated calls cost',
  duplicate_requests: 'what prompts that come again cost',
  oversized_context: 'what unusually long inputs cost',
  output_cap: 'what a limit on the longest answers would save',
  simulate_model_substitution: 'what the same tokens would have cost on cheaper models',
  cache_opportunity: 'what caching prompt prefixes would save',
  batch_opportunity: 'what work that can wait would cost as batches',
  cascade_break_even: 'when asking a cheap model first pays',
  latency_cost_tradeoff: 'what speed costs',
  price_performance_frontier: 'which models are beaten by cheaper ones',
  commitment_break_even: 'when committing to a spend pays',
  search_prices: 'what models cost',
  combine_savings: 'what all of it comes to together',
};

/** How the optimization agent proceeds without a model. */
export const optimizationPolicy = (
  calls: readonly PlannedCall[],
  triage: TriageFinding,
  currency?: CurrencyDisplay,
): CallsThenText => ({
  calls: () => calls,
  asking: (open) => `Computing ${listed(open.map(({ tool }) => PURPOSES[tool] ?? tool))}.${leftOut(calls, triage)}`,
  conclude: (view) => {
    const facts = new RunFacts(view.calls);
    const text = savingsSummary(facts);
    return { reasoning: renderFacts(text, facts.facts, currency), text };
  },
});

function leftOut(calls: readonly PlannedCall[], { missing }: TriageFinding): string {
  if (!calls.some(({ tool }) => tool === 'combine_savings')) return '';
  const fields = [...new Set(ANALYSES.flatMap(({ needs }) => needs))].filter((field) => missing.includes(field));
  return fields.length === 0 ? '' : ` What needs a ${listed(fields)} is left out: the data has none.`;
}

/** The savings in a few sentences, numbers by citation. */
export function savingsSummary(facts: RunFacts): string {
  const id = (path: string): string | undefined => facts.fact('combine_savings', path)?.id;
  const found: readonly Opportunity[] = opportunities(facts);
  if (facts.report('combine_savings') === undefined) return 'What the question asks for is computed.';
  const [low, high] = [id('net_low'), id('net_high')];
  if (found.length === 0 || low === undefined || high === undefined)
    return 'No saving is large enough to be worth the work.';
  const each = found.map(
    ({ title, net_low_fact: least, net_high_fact: most }) => `${title}: ${cite(least)} to ${cite(most)}.`,
  );
  return `Together ${cite(low)} to ${cite(high)}, each saving on what the ones before leave. ${each.join(' ')}`;
}
