import { isTerminalRunState, RUN_STATES, type RunState } from '@goldenpath/protocol';
import { z } from 'zod';
import type { History, Invariant, StoredLogEvent, StoredRun, Violation } from './history.js';

const fields = z.object({
  type: z.string(),
  user_id: z.string().optional(),
  final: z.boolean().optional(),
  tool_call_id: z.string().optional(),
  success: z.boolean().optional(),
  tool: z.string().optional(),
  retry_of: z.string().optional(),
  status: z.string().optional(),
  error: z.object({ code: z.string() }).optional(),
});

export type LogEvent = StoredLogEvent & z.infer<typeof fields>;

/** The log with the fields that the checks below look at. */
export const decodeLog = ({ log }: History): LogEvent[] =>
  log.map((event) => ({ ...event, ...fields.parse(JSON.parse(event.text)) }));

/** I4, I5 and I7: every run, from its events. */
export function checkRuns(history: History, log: readonly LogEvent[]): Violation[] {
  const events = new Map<string, LogEvent[]>();
  for (const event of log) {
    if (event.runId === undefined) continue;
    const ofRun = events.get(event.runId) ?? [];
    events.set(event.runId, ofRun);
    ofRun.push(event);
  }
  const runs = new Set(history.runs.map(({ id }) => id));
  const lost = history.acceptances.filter(({ runId }) => !runs.has(runId));
  return [
    ...history.runs.flatMap((run) => checkRun(run, events.get(run.id) ?? [])),
    ...lost.map(({ runId }) => violation('I7', `run ${runId} was accepted and is not there`)),
  ];
}

function checkRun(run: StoredRun, events: readonly LogEvent[]): Violation[] {
  const found: Violation[] = [];
  let epoch = 0;
  for (const event of events) {
    if (event.epoch === undefined) continue;
    if (event.epoch < epoch)
      found.push(violation('I4', `run ${run.id}, seq ${event.seq}: ${event.epoch} after ${epoch}`));
    epoch = Math.max(epoch, event.epoch);
  }
  if (epoch > run.epoch) found.push(violation('I4', `run ${run.id} is in epoch ${run.epoch}, its log in ${epoch}`));
  const finals = events.filter(({ final }) => final === true);
  if (!isOver(run.state)) found.push(violation('I7', `run ${run.id} is still ${run.state}`));
  else if (finals.length === 0) found.push(violation('I5', `run ${run.id} is ${run.state} without a final event`));
  if (finals.length > 1) found.push(violation('I5', `run ${run.id} has ${finals.length} final events`));
  if (finals.length > 0 && events.at(-1)?.final !== true)
    found.push(violation('I5', `run ${run.id} goes on after its final event`));
  return found;
}

const isOver = (state: string): boolean =>
  RUN_STATES.some((known: RunState) => known === state && isTerminalRunState(known));

/** I6: a message_id that was sent again led to the same run. */
export function checkSubmissions({ acceptances, runs }: History): Violation[] {
  const runsOf = new Map<string, Set<string>>();
  const note = (message: string, runId: string): void => {
    runsOf.set(message, (runsOf.get(message) ?? new Set()).add(runId));
  };
  for (const { userId, messageId, runId } of acceptances) note(`${userId} ${messageId}`, runId);
  for (const { userId, messageId, id } of runs) note(`${userId} ${messageId}`, id);
  return [...runsOf]
    .filter(([, ids]) => ids.size > 1)
    .map(([message, ids]) => violation('I6', `${message} has the runs ${[...ids].join(', ')}`));
}

/** I8: no more than one effect a call, none without its announcement, none missing where the log tells of success. */
export function checkEffects({ effects }: History, log: readonly LogEvent[]): Violation[] {
  const calls = new Map<string, number>();
  for (const { idempotent, runId, label, toolCallId } of effects) {
    // Another call of an idempotent tool is a repeat that it allows; the same call twice never is.
    const call = idempotent ? `call ${toolCallId}` : `run ${runId}, ${label}`;
    calls.set(call, (calls.get(call) ?? 0) + 1);
  }
  const announced = new Set(log.flatMap((event) => (event.type === 'tool_executing' ? [event.tool_call_id] : [])));
  const happened = new Set<string | undefined>(effects.map(({ toolCallId }) => toolCallId));
  const succeeded = log.filter((event) => event.type === 'tool_completed' && event.success === true);
  return [
    ...[...calls].filter(([, count]) => count > 1).map(([call, count]) => violation('I8', `${call}: ${count} effects`)),
    ...effects
      .filter(({ toolCallId }) => !announced.has(toolCallId))
      .map(({ toolCallId }) => violation('I8', `call ${toolCallId} had its effect and is not in the log`)),
    ...succeeded
      .filter(({ tool_call_id: id }) => !happened.has(id))
      .map(({ tool_call_id: id }) => violation('I8', `call ${id ?? ''} succeeded without an effect`)),
  ];
}

/** I9: in a thread, nothing of another run between the first event of an attempt and the final event of its run. */
export function checkLiveRuns(log: readonly LogEvent[]): Violation[] {
  const live = new Map<string, string>();
  const found: Violation[] = [];
  for (const { threadId, runId, epoch, seq, final } of log) {
    // Epoch 0 is a run that ended in the line, without ever being live.
    if (runId === undefined || epoch === undefined || epoch === 0) continue;
    const current = live.get(threadId);
    if (current !== undefined && current !== runId)
      found.push(violation('I9', `thread ${threadId}, seq ${seq}: run ${runId} works while ${current} is live`));
    if (final === true) live.delete(threadId);
    else live.set(threadId, runId);
  }
  return found;
}

/** I10: what is stored of a user, and what was done for a user, names no other one. */
export function checkOwnership({ threads, runs, effects }: History, log: readonly LogEvent[]): Violation[] {
  const threadOwners = new Map(threads.map(({ id, userId }) => [id, userId]));
  const runOwners = new Map(runs.map(({ id, userId }) => [id, userId]));
  return [
    ...log
      .filter(({ threadId, user_id }) => user_id !== threadOwners.get(threadId))
      .map(({ threadId, seq, user_id }) =>
        violation('I10', `thread ${threadId}, seq ${seq} is of user ${user_id ?? ''}`),
      ),
    ...runs
      .filter(({ threadId, userId }) => threadOwners.get(threadId) !== userId)
      .map(({ id, threadId }) => violation('I10', `run ${id} works in the thread ${threadId} of another user`)),
    ...effects
      .filter(({ runId, userId }) => runOwners.get(runId) !== userId)
      .map(({ runId, userId }) => violation('I10', `run ${runId} had an effect for user ${userId}`)),
  ];
}

const violation = (invariant: Invariant, detail: string): Violation => ({ invariant, detail });
