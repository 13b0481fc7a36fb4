import type { JsonObject } from '../context/json.js';
import type { Ending } from './agent-events.interceptor.js';
import { finishedSteps, partialAnswer } from './partial-answer.js';
import type { RunWorkspace } from './run-workspace.js';

const NANO_DIGITS = 9;

/** What the root's agent_completed carries beyond other agents': the answer, what the run used, what was stopped. */
export function finalFields(workspace: RunWorkspace, ending: Ending): JsonObject {
  const { budget } = workspace.fields;
  return {
    ...(ending.status === 'completed'
      ? {}
      : { result: { ...ending.outcome.result, partial: true, finished: finishedSteps(workspace) } }),
    final: true,
    response: storable(answer(ending.outcome.response) ?? partialAnswer(workspace, ending)),
    ...(ending.outcome.reportId === undefined ? {} : { report_id: ending.outcome.reportId }),
    usage: {
      input_tokens: budget.usage.inputTokens,
      output_tokens: budget.usage.outputTokens,
      cost_usd: decimalUsd(budget.costNanoUsd),
      model: budget.usage.model,
    },
    ...(ending.status === 'cancelled'
      ? { stopped: { tools: workspace.stopped.tools, agents: workspace.stopped.agents } }
      : {}),
    ...(ending.error === undefined
      ? {}
      : {
          error: {
            code: ending.error.code,
            message: ending.error.message,
            ...(ending.errorId === undefined ? {} : { error_id: ending.errorId }),
          },
        }),
  };
}

/** Undefined when it says nothing. */
const answer = (response: string | undefined): string | undefined =>
  response === undefined || storable(response).trim() === '' ? undefined : response;

/** What text columns can hold. */
const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD');

/** Nano-USD as a decimal string of USD, e.g. "0.001250000". */
function decimalUsd(nanoUsd: bigint): string {
  const digits = nanoUsd.toString().padStart(NANO_DIGITS + 1, '0');
  return `${digits.slice(0, -NANO_DIGITS)}.${digits.slice(-NANO_DIGITS)}`;
}
