import { cutText } from '../context/cut-text.js';
import type { Ending } from './agent-events.interceptor.js';
import type { RunWorkspace } from './run-workspace.js';

const RESULT_CHARACTERS_MAX = 2_000;

/** The agents below the root that finished; what they found is stored. */
export const finishedSteps = (workspace: RunWorkspace): string[] => [...workspace.finished.keys()];

/** An answer is never empty: it says how the run ended, and gives what was finished until then, marked as a part. */
export function partialAnswer(workspace: RunWorkspace, ending: Ending): string {
  return [opening(workspace, ending), ...partialResults(workspace)].join('\n\n');
}

function opening(workspace: RunWorkspace, ending: Ending): string {
  const finished = finishedSteps(workspace);
  const steps =
    finished.length === 0 ? 'No step was finished.' : `Finished until then and kept: ${finished.join(', ')}.`;
  switch (ending.status) {
    case 'cancelled':
      return `The run was cancelled. ${steps}`;
    case 'timeout':
      return `The run took too long and was ended. ${steps} Ask again, or ask for less at once.${idOf(ending)}`;
    case 'failed':
      return `The run failed: ${ending.error?.message ?? 'for an unknown reason.'} ${steps}${idOf(ending)}`;
    case 'completed':
      return steps;
  }
}

const idOf = ({ errorId }: Ending): string => (errorId === undefined ? '' : ` Error id: ${errorId}.`);

function partialResults({ finished }: RunWorkspace): string[] {
  const parts = [...finished].flatMap(([agent, text = '']) =>
    text.trim() === '' ? [] : [`- ${agent}: ${shorten(text)}`],
  );
  return parts.length === 0 ? [] : ['Partial results, not a whole answer:', parts.join('\n')];
}

const shorten = (text: string): string =>
  text.length > RESULT_CHARACTERS_MAX ? `${cutText(text, RESULT_CHARACTERS_MAX)}…` : text;
