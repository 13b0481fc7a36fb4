import type { LogEvent } from './check-runs.js';
import type { History, Violation } from './history.js';

/**
 * I8: a call that a take-over closed as of unknown outcome is made again where its tool says that it may be and its agents came to a good end,
 * once and by name; any other one never is. And each call is told its own key, by which others can tell repeats apart.
 */
export function checkDoubts({ idempotentTools, effects }: History, log: readonly LogEvent[]): Violation[] {
  const retries = new Map<string, number>();
  for (const { retry_of: of } of log) if (of !== undefined) retries.set(of, (retries.get(of) ?? 0) + 1);
  // Nobody makes a call again on the way to another end.
  const unwell = new Set(
    log.filter(({ type, status }) => type === 'agent_completed' && status !== 'completed').map(({ runId }) => runId),
  );
  const over = new Set(log.filter(({ final }) => final === true).map(({ runId }) => runId));
  const wrong = log
    .filter(({ type, error }) => type === 'tool_completed' && error?.code === 'outcome_unknown')
    .flatMap(({ tool_call_id: id = '', tool = '', runId }) => {
      const times = retries.get(id) ?? 0;
      if (!idempotentTools.includes(tool)) return times === 0 ? [] : [`${tool} ${id} must not be repeated and was`];
      const mustBe = over.has(runId) && !unwell.has(runId);
      return times > 1 || (times === 0 && mustBe) ? [`${tool} ${id} was repeated ${times} times, not once`] : [];
    });
  const unkeyed = effects
    .filter(({ key, runId, toolCallId }) => key !== `${runId}:${toolCallId}`)
    .map(({ key, toolCallId }) => `call ${toolCallId} was told the key ${key}`);
  return [...wrong, ...unkeyed].map((detail) => ({ invariant: 'I8', detail }));
}
