import type { PlannedCall } from '../../models/plan.js';
import { renderFacts } from '../reports/grounding.js';
import { counted } from '../reports/report-data.js';
import { RunFacts } from '../reports/run-facts.js';
import { RUN_RATE_DAYS_MIN } from '../tools/forecast.js';
import type { Dimension } from '../tools/usage-scope.js';
import { dataSummary } from './data-summary.js';
import { scopeOf, type TriageFinding } from './findings.js';
import { given, listed, type CallsThenText } from './calls-then-text.js';

const USUAL_DIMENSIONS: readonly Dimension[] = ['model', 'team', 'feature'];
const DIMENSIONS_MAX = 5;

/** The calls that the data agent's work needs. Statistics over days are left out where there are too few days for any. */
export function dataCalls(triage: TriageFinding): PlannedCall[] {
  const { intent, entities, days } = triage;
  const scope = scopeOf(triage);
  const wanted = [...new Set([...entities.dimensions, ...USUAL_DIMENSIONS])].slice(0, DIMENSIONS_MAX);
  const dimensions = wanted.length === USUAL_DIMENSIONS.length ? undefined : wanted;
  const series = days === null || days >= RUN_RATE_DAYS_MIN || entities.from !== undefined || entities.to !== undefined;
  return [
    { tool: 'reconcile_costs', parameters: scope },
    { tool: 'cost_breakdown', parameters: given({ ...scope, dimensions }) },
    ...(series ? seriesCalls(triage) : []),
    ...(intent === 'trend' && series
      ? [{ tool: 'query_usage', parameters: given({ ...scope, grain: days !== null && days > 62 ? 'month' : 'week' }) }]
      : []),
  ];
}

/**
 * What is usual shows in the days before a period, and what comes next in all days there are: the period says which events are reported,
 * not which days are looked at.
 */
function seriesCalls({ entities: { from, to }, where }: TriageFinding): PlannedCall[] {
  const none = { models: [], dimensions: [] };
  const parameters = scopeOf({ entities: none, where });
  return [
    { tool: 'detect_anomalies', parameters: given({ ...parameters, to, report_from: from }) },
    { tool: 'forecast_spend', parameters },
  ];
}

const PURPOSES: Readonly<Record<string, string>> = {
  reconcile_costs: 'compare reported with recomputed cost',
  cost_breakdown: 'see where the money goes',
  detect_anomalies: 'look for unusual days',
  forecast_spend: 'look ahead',
  query_usage: 'see how spend developed',
};

/** How the data agent proceeds without a model. */
export const dataPolicy = (triage: TriageFinding): CallsThenText => ({
  calls: () => dataCalls(triage),
  asking: (open) => {
    const purposes = listed(open.map(({ tool }) => PURPOSES[tool] ?? tool));
    const { days } = triage;
    if (open.some(({ tool }) => tool === 'forecast_spend') || days === null || days >= RUN_RATE_DAYS_MIN)
      return `Next: ${purposes}.`;
    return `Next: ${purposes}. Unusual days and a forecast are left out: usage on ${counted(days, 'day')} is too little for either.`;
  },
  conclude: ({ calls }) => {
    const facts = new RunFacts(calls);
    const failed = calls.filter(({ success }) => !success).map(({ tool }) => tool);
    const text = dataSummary(facts);
    const lost = failed.length === 0 ? '' : ` ${listed(failed)} failed.`;
    return { reasoning: renderFacts(text, facts.facts) + lost, text };
  },
});
