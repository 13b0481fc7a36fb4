import { checkRunGrammar, type ThreadEvent } from '@goldenpath/protocol';
import { checkDoubts } from './check-doubts.js';
import { checkEffects, checkLiveRuns, checkOwnership, checkRuns, checkSubmissions, decodeLog } from './check-runs.js';
import { checkLog, checkViewers } from './check-viewers.js';
import type { History, Violation } from './history.js';

/** Everything in a history that breaks an invariant; empty when all hold. */
export function checkHistory(history: History): Violation[] {
  const log = decodeLog(history);
  return [
    ...history.noted,
    ...checkLog(history),
    ...checkViewers(history),
    ...checkRuns(history, log),
    ...checkSubmissions(history),
    ...checkEffects(history, log),
    ...checkDoubts(history, log),
    ...checkLiveRuns(log),
    ...checkOwnership(history, log),
    ...checkGrammar(history),
  ];
}

/** I11. */
function checkGrammar({ log }: History): Violation[] {
  // Written by the server under test: the grammar is what looks at their shape.
  const events = log.map(({ seq, text }) => ({ seq, ...(JSON.parse(text) as object) }) as ThreadEvent);
  return checkRunGrammar(events).map((detail) => ({ invariant: 'I11', detail }));
}
