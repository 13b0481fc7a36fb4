import { Agent, type AgentHandler, type AgentOutcome } from '../../agents/agent.decorator.js';
import type { AgentTask } from '../../agents/agent-task.js';
import { citedText } from '../reports/cited-text.js';
import { formatFact } from '../reports/format-fact.js';
import { plainText } from '../reports/plain-text.js';
import { RunFacts } from '../reports/run-facts.js';
import { callsThenText, ensureCalls } from './calls-then-text.js';
import { triageFinding } from './findings.js';
import { instructions } from './instructions.js';
import { exactUsd, opportunities } from './opportunities.js';
import { OPTIMIZATION_TOOLS, optimizationCalls, optimizationPolicy, savingsSummary } from './optimization-policy.js';

const INSTRUCTIONS = instructions(
  'Find savings. Make the suggested calls; combine_savings says what the savings come to together. ' +
    'Then name the savings in two or three sentences, each as a range, with what it assumes. The only sum is the net of combine_savings.',
);

const NOT_ASKED = 'The question is not about savings, so none are computed; “How can we save?” would be answered here.';

/** Finds what could be saved, each saving as a range, and what all of them come to together. */
@Agent({ name: 'optimization', description: 'Runs the savings analyses that the data allows, and combines them.' })
export class OptimizationAgent implements AgentHandler {
  opening(task: AgentTask): string {
    const facts = new RunFacts(task.toolResults);
    if (optimizationCalls(triageFinding(task), []).length === 0) return NOT_ASKED;
    const total = facts.fact('cost_breakdown', 'total');
    const [largest] = models(facts);
    if (total === undefined)
      return 'Looking for savings in what the data shows, though spend could not be broken down.';
    return `Looking for savings in ${formatFact(total, task.context.preferences.currencyDisplay)} of spend${largest === undefined ? '' : `, most of it on ${plainText(largest)}`}.`;
  }

  async execute(task: AgentTask): Promise<AgentOutcome> {
    const triage = triageFinding(task);
    const calls = optimizationCalls(triage, models(new RunFacts(task.toolResults)));
    if (calls.length === 0) return { result: { summary: NOT_ASKED, opportunities: [] }, response: NOT_ASKED };
    const { text } = await task.converse({
      instructions: INSTRUCTIONS,
      input: {
        question: task.query,
        entities: triage.entities,
        data: task.findings['data'] ?? {},
        suggested_calls: calls.map((call) => ({ ...call })),
      },
      tools: OPTIMIZATION_TOOLS,
      plan: callsThenText(optimizationPolicy(calls, triage, task.context.preferences.currencyDisplay)),
    });
    await ensureCalls(task, calls);
    const facts = new RunFacts(task.toolResults);
    const response = citedText(text, savingsSummary(facts), {
      grounds: facts,
      currency: task.context.preferences.currencyDisplay,
    });
    const shown = opportunities(facts).map((one) => ({
      ...one,
      net_low_usd: exactUsd(facts, one.net_low_fact),
      net_high_usd: exactUsd(facts, one.net_high_fact),
    }));
    return { result: { summary: response, basis: 'spend in the data', opportunities: shown }, response };
  }
}

/** Models in use, the most expensive first. */
const models = (facts: RunFacts): string[] =>
  (facts.report('cost_breakdown')?.rows ?? []).flatMap(({ dimension, name }) =>
    dimension === 'model' && typeof name === 'string' ? [name] : [],
  );
