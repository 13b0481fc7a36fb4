import type { JsonObject } from '../context/json.js';
import type { Ending } from './agent-events.interceptor.js';
import type { RunWorkspace } from './run-workspace.js';

const NANO_DIGITS = 9;

/** What the root's agent_completed carries beyond other agents': the answer, what the run used, what was stopped. */
export function finalFields(workspace: RunWorkspace, ending: Ending): JsonObject {
  const { budget } = workspace.fields;
  return {
    final: true,
    response: answer(ending.outcome.response) ?? partialAnswer(workspace, ending),
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

/** What can be stored as text of an agent's answer; undefined when it says nothing. */
function answer(response: string | undefined): string | undefined {
  const text = response?.replaceAll('\u0000', '\uFFFD');
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** An answer is never empty: it says how the run ended and which steps were finished until then. */
function partialAnswer(workspace: RunWorkspace, ending: Ending): string {
  const finished = Object.keys(workspace.findings);
  const steps =
    finished.length === 0 ? 'No step was finished.' : `Finished until then and kept: ${finished.join(', ')}.`;
  switch (ending.status) {
    case 'cancelled':
      return `The run was cancelled. ${steps}`;
    case 'timeout':
      return `The run took too long and was ended. ${steps} Ask again, or ask for less at once.`;
    case 'failed':
      return `The run failed: ${ending.error?.message ?? 'for an unknown reason.'} ${steps}${ending.errorId === undefined ? '' : ` Error id: ${ending.errorId}.`}`;
    case 'completed':
      return steps;
  }
}

/** Nano-USD as a decimal string of USD, e.g. "0.001250000". */
function decimalUsd(nanoUsd: bigint): string {
  const digits = nanoUsd.toString().padStart(NANO_DIGITS + 1, '0');
  return `${digits.slice(0, -NANO_DIGITS)}.${digits.slice(-NANO_DIGITS)}`;
}
