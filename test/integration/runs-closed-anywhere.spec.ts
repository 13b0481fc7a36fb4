import { checkRunGrammar, type ThreadEvent } from '@goldenpath/protocol';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/context/json.js';
import { Database } from '../../src/persistence/database.js';
import { RunClosing } from '../../src/runs/run-closing.js';
import { RunEnding, type Ending } from '../../src/runs/run-ending.js';
import { RUN_COLUMNS, runRow, type RunColumns, type RunRow } from '../../src/runs/run-row.js';
import { Gates } from '../support/gates.js';
import { logFaults, runEnd, storedEvents } from '../support/run-log.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { createSideEffects } from '../support/scripted-tools.js';
import { TestServer } from '../support/server.js';
import { submitScript } from '../support/submit.js';

let server: TestServer;
let run: RunRow;
let events: ThreadEvent[];

/** A run that was taken over in the middle: agents at three levels, tools, a second attempt. */
beforeAll(async () => {
  server = await TestServer.start({}, [ScriptedModule]);
  await createSideEffects(server.database);
  const gate = 'middle';
  const { runId, threadId } = await submitScript(
    server,
    await server.register(),
    { tool: 'set_line', parameters: { line: 'a' } },
    { delegate: [{ think: 'one' }, { together: [{ tool: 'set_line', parameters: { line: 'b', gate } }] }] },
    { think: 'two' },
  );
  await server.get(Gates).reached(gate);
  await server.database.execute(
    `UPDATE run SET epoch = epoch + 1, lease_until = now() - interval '1 second' WHERE id = $1`,
    [runId],
  );
  server.get(Gates).open(gate);
  await runEnd(server.database, runId);
  expect(await logFaults(server.database, threadId)).toEqual([]);
  events = await storedEvents(server.database, threadId);
  const columns = await server.database.row<RunColumns>(`SELECT ${RUN_COLUMNS} FROM run r WHERE r.id = $1`, [runId]);
  if (columns === undefined) throw new Error('no run');
  run = runRow(columns);
});
afterAll(() => server.stop());

/** Closes a run whose log is this; answers the events it would append. */
async function closed(log: readonly ThreadEvent[], state: 'dead' | 'cancelled'): Promise<ThreadEvent[]> {
  const database = Object.assign(new Database(() => server.database as never), {
    rows: () => Promise.resolve(log.map(({ seq, ...payload }) => ({ seq, payload: JSON.stringify(payload) }))),
  });
  const endings: Ending[] = [];
  const ending = Object.assign(Object.create(RunEnding.prototype) as RunEnding, {
    end: (_run: RunRow, end: Ending) => {
      endings.push(end);
      return Promise.resolve(0);
    },
  });
  const error = { code: 'run_dead', message: 'It was lost.', errorId: 'id', retryable: false } as const;
  const closing = { state, response: 'It is over.', reason: 'It is closed.', ...(state === 'dead' ? { error } : {}) };
  await new RunClosing(database, ending).close(run, closing);
  return (endings[0]?.events ?? []).map(
    ({ type, fields }, index) =>
      ({ seq: log.length + index + 1, type, ...fields }) as unknown as ThreadEvent & JsonObject,
  );
}

describe('a run that is closed by somebody who does not execute it', () => {
  it.each(['dead', 'cancelled'] as const)('as %s has a log without faults, wherever it was', async (state) => {
    expect(events.filter(({ type }) => type === 'run_resumed')).toHaveLength(1);
    for (let length = 1; length < events.length; length += 1) {
      const log = events.slice(0, length);
      const rest = await closed(log, state);
      expect({ length, faults: checkRunGrammar([...log, ...rest]) }).toEqual({ length, faults: [] });
      expect(rest.at(-1)).toMatchObject({ type: 'agent_completed', final: true, status: state });
    }
  });
});
