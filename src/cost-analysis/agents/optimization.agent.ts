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
import { optimizationCalls, optimizationPolicy, savingsSummary } from './optimization-policy.js';

const INSTRUCTIONS = instructions(
  'Find savings. Call simulate_model_substitution, and output_cap where the data has single requests. ' +
    'Then name the savings in two or three sentences, each as a range, with what it assumes.',
);

/** Finds what could be saved, each saving as a range, none of them added up. */
@Agent({ name: 'optimization', description: 'Runs the savings analyses that the data allows.' })
export class OptimizationAgent implements AgentHandler {
  opening(task: AgentTask): string {
    const facts = new RunFacts(task.toolResults);
    const total = facts.fact('cost_breakdown', 'total');
    const [largest] = models(facts);
    if (total === undefined)
      return 'Looking for savings in what the data shows, though spend could not be broken down.';
    return `Looking for savings in ${formatFact(total)} of spend${largest === undefined ? '' : `, most of it on ${plainText(largest)}`}.`;
  }

  async execute(task: AgentTask): Promise<AgentOutcome> {
    const triage = triageFinding(task);
    const before = new RunFacts(task.toolResults);
    const calls = optimizationCalls(triage, models(before));
    const spend = { spendUsd: spendIn(before), days: triage.days ?? 1 };
    const { text } = await task.converse({
      instructions: INSTRUCTIONS,
      input: {
        question: task.query,
        entities: triage.entities,
        data: task.findings['data'] ?? {},
        suggested_calls: calls.map((call) => ({ ...call })),
      },
      tools: ['simulate_model_substitution', 'output_cap'],
      plan: callsThenText(optimizationPolicy(calls, spend)),
    });
    await ensureCalls(task, calls);
    const facts = new RunFacts(task.toolResults);
    const found = opportunities(facts, spend);
    const response = citedText(text, savingsSummary(found), facts);
    const shown = found.map((one) => ({
      ...one,
      low_usd: exactUsd(facts, one.low_fact),
      high_usd: exactUsd(facts, one.high_fact),
    }));
    return {
      result: { summary: response, basis: 'spend in the data', additive: false, opportunities: shown },
      response,
    };
  }
}

/** Models in use, the most expensive first. */
const models = (facts: RunFacts): string[] =>
  (facts.report('cost_breakdown')?.rows ?? []).flatMap(({ dimension, name }) =>
    dimension === 'model' && typeof name === 'string' ? [name] : [],
  );

const spendIn = (facts: RunFacts): number =>
  Number(facts.fact('cost_breakdown', 'total')?.value ?? facts.fact('data_quality', 'spend')?.value ?? '0');
