import type { JsonObject } from '../../context/json.js';
import type { CurrencyDisplay } from '../../context/user-preferences.js';
import type { PlannedCall } from '../../models/plan.js';
import { renderFacts } from '../reports/grounding.js';
import { counted } from '../reports/report-data.js';
import { RunFacts } from '../reports/run-facts.js';
import { RUN_RATE_DAYS_MIN } from '../tools/forecast.js';
import { DIMENSIONS, type Dimension } from '../tools/usage-scope.js';
import { DAY_MS } from './calendar.js';
import { given, listed, type CallsThenText } from './calls-then-text.js';
import { dataSummary } from './data-summary.js';
import { explainCalls } from './explain-calls.js';
import { allDaysOf, scopeOf, type TriageFinding } from './findings.js';
import type { Intent } from './intent-words.table.js';
import { NAMES_MAX } from './known-names.js';

const USUAL_DIMENSIONS: readonly Dimension[] = ['model', 'team', 'feature'];
const DIMENSIONS_MAX = 5;
const PEAKS_MAX = 5;

/** What the data agent may call: everything that is suggested to it is among these. */
export const DATA_TOOLS = [
  'reconcile_costs',
  'cost_breakdown',
  'detect_anomalies',
  'forecast_spend',
  'query_usage',
  'unit_costs',
  'make_chart',
  'explain_change',
] as const;
type DataTool = Exclude<(typeof DATA_TOOLS)[number], 'reconcile_costs' | 'explain_change'>;

/** What each question needs besides the reconciliation, which says what the figures are worth and where they come from. */
const NEEDS: Readonly<Record<Intent, readonly DataTool[]>> = {
  overview: ['cost_breakdown', 'detect_anomalies', 'forecast_spend', 'make_chart'],
  total: ['cost_breakdown'],
  breakdown: ['cost_breakdown'],
  comparison: ['cost_breakdown'],
  share: ['cost_breakdown'],
  trend: ['query_usage', 'forecast_spend', 'make_chart'],
  peak: ['query_usage', 'detect_anomalies', 'make_chart'],
  units: ['unit_costs'],
  change: ['detect_anomalies', 'make_chart'],
  anomaly: ['detect_anomalies', 'make_chart'],
  forecast: ['forecast_spend', 'make_chart'],
  budget: ['forecast_spend'],
  savings: ['cost_breakdown'],
  what_if: ['cost_breakdown'],
  advice: ['cost_breakdown'],
  reconciliation: ['cost_breakdown'],
  data_quality: [],
  unrelated: [],
};

/** The calls that the data agent's work needs. Statistics over days are left out where there are too few days for any. */
export function dataCalls(triage: TriageFinding): PlannedCall[] {
  const { intent, entities, days } = triage;
  const enough = days === null || days >= RUN_RATE_DAYS_MIN || entities.from !== undefined || entities.to !== undefined;
  const needed = triage.length === 'detailed' ? [...new Set([...NEEDS[intent], ...NEEDS.overview])] : NEEDS[intent];
  const tools = needed.filter((tool) => tool === 'cost_breakdown' || tool === 'unit_costs' || enough);
  return [
    { tool: 'reconcile_costs', parameters: scopeOf(triage) },
    ...tools.map((tool) => ({ tool, parameters: parametersOf(tool, triage) })),
  ];
}

/**
 * What is usual shows in the days before a period, and what comes next in all days there are: there the period says which events are reported,
 * not which days are looked at.
 */
function parametersOf(tool: DataTool, triage: TriageFinding): JsonObject {
  const { intent, entities, days, horizon } = triage;
  const scope = scopeOf(triage);
  const allDays = allDaysOf(triage);
  switch (tool) {
    case 'cost_breakdown': {
      const held = DIMENSIONS.filter((dimension) => triage.named[dimension] !== undefined);
      const wanted = [...new Set([...held, ...entities.dimensions, ...USUAL_DIMENSIONS])].slice(0, DIMENSIONS_MAX);
      return given({
        ...scope,
        dimensions: wanted.length === USUAL_DIMENSIONS.length ? undefined : wanted,
        limit: held.length > 0 ? NAMES_MAX : undefined,
      });
    }
    case 'detect_anomalies':
      // Why a single day was dear may be asked of the wrong day: the unusual ones are told anyway.
      return intent === 'change' && isShort(entities)
        ? allDays
        : given({ ...allDays, to: entities.to, report_from: entities.from });
    case 'forecast_spend':
      return given({ ...allDays, target_from: horizon?.from, target_to: horizon?.to });
    case 'unit_costs':
      return given({
        ...scope,
        group_by: entities.dimensions[0] ?? (triage.named.team === undefined ? undefined : 'team'),
      });
    case 'make_chart':
      return intent === 'overview' ? allDays : { ...allDays, charts: ['spend_over_time'] };
    case 'query_usage':
      return given({
        ...scope,
        grain: entities.grain ?? (days !== null && days > 62 ? 'month' : 'week'),
        ...(intent === 'peak' ? { order: 'cost', limit: PEAKS_MAX } : {}),
      });
  }
}

const SHORT_DAYS = 7;

const isShort = ({ from, to }: TriageFinding['entities']): boolean =>
  from !== undefined && to !== undefined && Date.parse(to) - Date.parse(from) <= SHORT_DAYS * DAY_MS;

const PURPOSES: Readonly<Record<string, string>> = {
  reconcile_costs: 'compare reported with recomputed cost',
  cost_breakdown: 'see where the money goes',
  detect_anomalies: 'look for unusual days',
  forecast_spend: 'look ahead',
  query_usage: 'see how spend developed',
  unit_costs: 'see what a request and a million tokens cost',
  make_chart: 'draw what it looks like',
  explain_change: 'see what the change is made of',
};

/** How the data agent proceeds without a model. A change is explained once it is known which days it is about. */
export const dataPolicy = (triage: TriageFinding, before: RunFacts, currency?: CurrencyDisplay): CallsThenText => ({
  calls: ({ calls }) => {
    const first = dataCalls(triage);
    const isLookedAt = first.every(({ tool }) => calls.some((made) => made.tool === tool));
    return isLookedAt ? [...first, ...explainCalls(triage, { before, now: new RunFacts(calls) })] : first;
  },
  asking: (open) => {
    const purposes = listed(open.map(({ tool }) => PURPOSES[tool] ?? tool));
    const { days, intent } = triage;
    const isShort = days !== null && days < RUN_RATE_DAYS_MIN && NEEDS[intent].includes('forecast_spend');
    if (!isShort || open.some(({ tool }) => tool === 'forecast_spend')) return `Next: ${purposes}.`;
    return `Next: ${purposes}. Unusual days and a forecast are left out: usage on ${counted(days, 'day')} is too little for either.`;
  },
  conclude: ({ calls }) => {
    const facts = new RunFacts(calls);
    const failed = calls.filter(({ success }) => !success).map(({ tool }) => tool);
    const text = dataSummary(facts);
    const lost = failed.length === 0 ? '' : ` ${listed(failed)} failed.`;
    return { reasoning: renderFacts(text, facts.facts, currency) + lost, text };
  },
});
