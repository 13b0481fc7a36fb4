import { Agent, type AgentHandler, type AgentOutcome } from '../../agents/agent.decorator.js';
import type { AgentTask } from '../../agents/agent-task.js';
import type { JsonObject } from '../../context/json.js';
import { citedText } from '../reports/cited-text.js';
import { RunFacts } from '../reports/run-facts.js';
import { callsThenText, ensureCalls } from './calls-then-text.js';
import { DATA_TOOLS, dataCalls, dataPolicy } from './data-policy.js';
import { explainCalls } from './explain-calls.js';
import { dataSummary } from './data-summary.js';
import { triageFinding } from './findings.js';
import { instructions } from './instructions.js';

const INSTRUCTIONS = instructions(
  'Establish the facts that the question asks for. Make the suggested calls; explain a change with explain_change, once it is known which days it is about. ' +
    'Then say in two or three sentences what they show.',
);

const ROWS_MAX = 8;

/** Establishes what was spent, on what, and what stands out. */
@Agent({ name: 'data', description: 'Reconciles, breaks down, finds anomalies and forecasts.' })
export class DataAgent implements AgentHandler {
  opening(task: AgentTask): string {
    const { rows, spend, sources } = triageFinding(task);
    if (rows === '') return 'Working out what was spent from all usage data there is.';
    if (spend === '')
      return `Working through ${rows} usage rows from ${sources.join(', ')}; none of them has a known price.`;
    return `Working through ${rows} usage rows from ${sources.join(', ')}: ${spend} in all, before reconciliation.`;
  }

  async execute(task: AgentTask): Promise<AgentOutcome> {
    const triage = triageFinding(task);
    const before = new RunFacts(task.toolResults);
    const calls = dataCalls(triage);
    const { text } = await task.converse({
      instructions: INSTRUCTIONS,
      input: {
        question: task.query,
        intent: triage.intent,
        entities: triage.entities,
        days: triage.days,
        suggested_calls: calls.map((call) => ({ ...call })),
      },
      tools: DATA_TOOLS,
      plan: callsThenText(dataPolicy(triage, before, task.context.preferences.currencyDisplay)),
    });
    await ensureCalls(task, calls);
    await ensureCalls(task, explainCalls(triage, { before, now: new RunFacts(task.toolResults) }));
    const facts = new RunFacts(task.toolResults);
    const summary = citedText(text, dataSummary(facts), {
      grounds: facts,
      currency: task.context.preferences.currencyDisplay,
    });
    return { result: { summary, ...findingsOf(facts) }, response: summary };
  }
}

/** The compact result: what later agents read, small enough for an event. */
function findingsOf(facts: RunFacts): JsonObject {
  const value = (tool: string, path: string): string | null => facts.fact(tool, path)?.value ?? null;
  const rows = (tool: string): readonly JsonObject[] => facts.report(tool)?.rows ?? [];
  return {
    total_usd: value('cost_breakdown', 'total'),
    reported_usd: value('reconcile_costs', 'reported'),
    gap_usd: value('reconcile_costs', 'gap'),
    unpriced_rows: value('reconcile_costs', 'unpriced_rows'),
    models: rows('cost_breakdown')
      .filter(({ dimension }) => dimension === 'model')
      .slice(0, ROWS_MAX)
      .map(({ name, cost_usd, share }) => ({ name, cost_usd, share })),
    untagged: rows('cost_breakdown')
      .filter(({ name }) => name === null)
      .map(({ dimension, share }) => ({ dimension, share })),
    anomalies: rows('detect_anomalies')
      .slice(0, ROWS_MAX)
      .map(({ from, to, direction }) => ({ from, to, direction })),
    forecast_usd: value('forecast_spend', 'total'),
  };
}
