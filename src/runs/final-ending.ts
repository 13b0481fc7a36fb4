import { TERMINAL_RUN_STATES } from '@goldenpath/protocol';
import { isJsonObject } from '../context/json.js';
import type { FinalEvent } from '../events/run-leases.js';
import { isId } from '../telemetry/ids.js';
import type { Ending } from './run-ending.js';

/** Reads out of the root's final event how the run ends. */
export function endingOf(event: FinalEvent): Ending {
  const { status, response, report_id: reportId, error, usage } = event.fields;
  const state = TERMINAL_RUN_STATES.find((candidate) => candidate === status);
  if (state === undefined || typeof response !== 'string')
    throw new Error('a final event needs a status and a response');
  return {
    state,
    events: [event],
    response,
    reportId: isId(reportId) ? reportId : undefined,
    error: isJsonObject(error) ? error : undefined,
    usage: isJsonObject(usage) ? usage : undefined,
  };
}
