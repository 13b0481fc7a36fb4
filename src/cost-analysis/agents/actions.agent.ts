import { Agent, type AgentHandler, type AgentOutcome } from '../../agents/agent.decorator.js';
import type { AgentTask } from '../../agents/agent-task.js';
import { citedText } from '../reports/cited-text.js';
import { cite } from '../reports/grounding.js';
import { counted } from '../reports/report-data.js';
import { RunFacts } from '../reports/run-facts.js';
import { actionSteps } from './action-steps.js';
import { opportunitiesOf, type ActionStep } from './findings.js';
import { instructions } from './instructions.js';
import { exactUsd } from './opportunities.js';

const INSTRUCTIONS = instructions(
  'The plan of action is given: computed from the findings, in order. Say in one or two sentences what to begin with and why. Do not add steps.',
);

/** Turns findings into an ordered plan: who does what, what it brings, how to check it, how to take it back. */
@Agent({ name: 'actions', description: 'Makes an ordered plan of action from the findings.' })
export class ActionsAgent implements AgentHandler {
  opening(task: AgentTask): string {
    const found = opportunitiesOf(task);
    const [first] = found;
    if (first === undefined)
      return 'No saving was found that is worth the work; the plan is about the quality of the figures.';
    return `Ordering ${counted(found.length, 'possible saving')} into a plan; the largest is: ${first.title}.`;
  }

  async execute(task: AgentTask): Promise<AgentOutcome> {
    const facts = new RunFacts(task.toolResults);
    const steps = actionSteps(facts, opportunitiesOf(task));
    const computed = summaryOf(steps);
    const { text } = await task.converse({
      instructions: INSTRUCTIONS,
      input: { question: task.query, steps },
      tools: [],
      plan: () => ({
        reasoning: `The plan has ${counted(steps.length, 'step')}: figures first, then savings, the largest first.`,
        text: computed,
      }),
    });
    const summary = citedText(text, computed, { grounds: facts, currency: task.context.preferences.currencyDisplay });
    const shown = steps.map((step, index) => ({
      order: index + 1,
      ...step,
      saving_usd:
        step.saving_facts === null
          ? null
          : { low: exactUsd(facts, step.saving_facts.low), high: exactUsd(facts, step.saving_facts.high) },
    }));
    return { result: { summary, steps: shown }, response: summary };
  }
}

function summaryOf(steps: readonly ActionStep[]): string {
  const [first] = steps;
  if (first === undefined) return 'Nothing needs to be done.';
  const saving =
    first.saving_facts === null
      ? ''
      : `, worth ${cite(first.saving_facts.low)} to ${cite(first.saving_facts.high)} on the spend in the data`;
  return `Begin with this: ${first.step}${saving}. Owner: ${first.owner}.`;
}
