import { z } from 'zod';
import { Agent, type AgentHandler, type AgentOutcome } from '../../src/agents/agent.decorator.js';
import type { AgentTask } from '../../src/agents/agent-task.js';
import { isJsonObject, type JsonObject } from '../../src/context/json.js';
import type { Plan } from '../../src/models/plan.js';
import { Gates } from './gates.js';

interface ToolStep {
  readonly tool: string;
  readonly parameters?: JsonObject;
}

/** One thing that a scripted agent does. */
export type Step =
  | { readonly think: string }
  | ToolStep
  | { readonly converse: readonly ToolStep[] }
  | { readonly delegate: readonly Step[]; readonly agent?: string }
  /** Other steps in each attempt; the last ones in all that follow. */
  | { readonly attempts: readonly (readonly Step[])[] }
  | { readonly together: readonly Step[] }
  /** Not waited for. */
  | { readonly loose: Step }
  | { readonly text: string }
  | { readonly gate: string }
  | { readonly fail: string }
  | { readonly hang: true }
  | { readonly result: JsonObject }
  | { readonly answer: string };

/** The text of a user_message to `agent: "scripted"`. */
export const script = (...steps: Step[]): string => JSON.stringify(steps);

const steps = z.array(z.custom<Step>(isJsonObject));

/** Does what the user's message says, step by step; after a delegate the script of the next level comes from its input. */
@Agent({ name: 'scripted', description: 'Does what its script says.' })
export class ScriptedAgent implements AgentHandler {
  constructor(private readonly gates: Gates) {}

  opening(task: AgentTask): string {
    return `The script has ${stepsOf(task).length} steps.`;
  }

  async execute(task: AgentTask): Promise<AgentOutcome> {
    let outcome: AgentOutcome = { result: {}, response: 'done' };
    for (const step of stepsOf(task).flatMap((step) => stepsNow(step, task))) {
      if ('answer' in step) outcome = { ...outcome, response: step.answer };
      else if ('result' in step) outcome = { ...outcome, result: step.result };
      else await this.take(step, task);
    }
    return outcome;
  }

  private async take(step: Step, task: AgentTask): Promise<void> {
    if ('think' in step) task.think(step.think);
    else if ('tool' in step) await task.callTool(step.tool, step.parameters ?? {});
    else if ('converse' in step) await converse(task, step.converse);
    else if ('delegate' in step) await task.delegate(step.agent ?? 'scripted', { steps: step.delegate.map(asJson) });
    else if ('together' in step) await Promise.all(step.together.map((each) => this.take(each, task)));
    else if ('loose' in step) void this.take(step.loose, task).catch(() => undefined);
    else if ('text' in step) task.streamText(step.text);
    else if ('gate' in step) await this.gates.pass(step.gate);
    else if ('fail' in step) throw new Error(step.fail);
    else if ('hang' in step) await new Promise(() => undefined);
  }
}

/** Its opening fails. */
@Agent({ name: 'speechless', description: 'Can not say what it begins with.' })
export class SpeechlessAgent implements AgentHandler {
  opening(): string {
    throw new Error('no words');
  }

  execute(): Promise<AgentOutcome> {
    return Promise.resolve({ result: { spoke: false }, response: 'It worked all the same.' });
  }
}

/** Can't be made. */
@Agent({ name: 'unmakeable', description: 'Its constructor throws.' })
export class UnmakeableAgent extends SpeechlessAgent {
  constructor() {
    super();
    throw new Error('not to be made');
  }
}

async function converse(task: AgentTask, calls: readonly ToolStep[]): Promise<void> {
  const plan: Plan = (view) => {
    const next = calls[view.calls.length];
    return next === undefined
      ? { reasoning: `${calls.length} calls are made.`, text: 'said' }
      : { reasoning: `Now ${next.tool}.`, calls: [{ tool: next.tool, parameters: next.parameters ?? {} }] };
  };
  const tools = [...new Set(calls.map(({ tool }) => tool))];
  await task.converse({ instructions: 'Follow the script.', input: {}, tools, plan });
}

const stepsNow = (step: Step, { attempt }: AgentTask): readonly Step[] =>
  'attempts' in step ? (step.attempts[attempt - 1] ?? step.attempts.at(-1) ?? []) : [step];

const stepsOf = (task: AgentTask): Step[] => steps.parse(task.input['steps'] ?? JSON.parse(task.query));

/** A step is JSON: it came as such. */
const asJson = (step: Step): JsonObject => ({ ...step }) as JsonObject;
