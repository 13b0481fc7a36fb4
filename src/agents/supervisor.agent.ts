import { cutText } from '../context/cut-text.js';
import { isJsonObject } from '../context/json.js';
import { AppError } from '../errors/app-error.js';
import { AgentPipeline } from './agent-pipeline.js';
import type { AgentTask, DelegateOutcome } from './agent-task.js';
import { Agent, type AgentHandler, type AgentOutcome } from './agent.decorator.js';
import { RunWorkspace } from './run-workspace.js';

/** The root of every run: asks triage, then the agents that triage found to be needed ([RN4]), and answers with the last one's answer. */
@Agent({ name: 'supervisor', description: 'Decides which agents answer the question, and in which order.' })
export class SupervisorAgent implements AgentHandler {
  constructor(
    private readonly pipeline: AgentPipeline,
    private readonly workspace: RunWorkspace,
  ) {}

  opening(task: AgentTask): string {
    const { agent } = this.workspace.fields;
    const question = `“${shorten(task.query)}”`;
    return agent === undefined
      ? `The question is ${question}. ${this.pipeline.triage} is asked first what it needs.`
      : `The question is ${question}, and ${agent} was asked for it directly.`;
  }

  async execute(task: AgentTask): Promise<AgentOutcome> {
    const { agent } = this.workspace.fields;
    if (agent !== undefined && agent !== 'supervisor') return answerOf([agent], [await task.delegate(agent, {})]);
    const triage = await task.delegate(this.pipeline.triage, {});
    const route = this.pipeline.route(triage.result);
    task.think(`${this.pipeline.triage} ${triage.status}: ${route.join(', ')} will run, in this order.`, 'route');
    const outcomes: DelegateOutcome[] = [];
    for (const next of route) {
      outcomes.push(await task.delegate(next, {}));
      const last = outcomes.at(-1);
      if (last !== undefined && last.status !== 'completed')
        task.think(`${next} ended as ${last.status}; the next agents work with what there is.`, 'partial');
    }
    return answerOf([this.pipeline.triage, ...route], [triage, ...outcomes]);
  }
}

function answerOf(agents: readonly string[], outcomes: readonly DelegateOutcome[]): AgentOutcome {
  const last = outcomes.at(-1);
  if (last?.status !== 'completed') {
    const error = last?.result.error;
    const reason = isJsonObject(error) && typeof error.message === 'string' ? error.message : 'it did not finish';
    throw new AppError(
      last?.status === 'timeout' ? 'run_timeout' : 'tool_failed',
      `${agents.at(-1) ?? 'The last agent'} gave no answer: ${reason}`,
    );
  }
  return {
    result: { agents: outcomes.map(({ status }, index) => ({ agent: agents[index] ?? '', status })) },
    response: last.response ?? JSON.stringify(last.result),
    reportId: last.reportId,
  };
}

const QUESTION_CHARACTERS_MAX = 200;
const shorten = (text: string): string =>
  text.length > QUESTION_CHARACTERS_MAX ? `${cutText(text, QUESTION_CHARACTERS_MAX)}…` : text;
