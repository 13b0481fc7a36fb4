import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EventPipeline } from '../../src/events/event-pipeline.js';
import type { OutgoingEvent } from '../../src/events/websocket-manager.js';
import { OwnedRuns } from '../../src/runs/owned-runs.js';
import { Gates } from '../support/gates.js';
import { inShort, logFaults, runEnd, storedEvents } from '../support/run-log.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { createSideEffects, sideEffects } from '../support/scripted-tools.js';
import { TestServer, type TestUser } from '../support/server.js';
import { submitScript } from '../support/submit.js';
import { until } from '../support/until.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({}, [ScriptedModule]);
  await createSideEffects(server.database);
  user = await server.register();
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => server.stop());

/** Does something while the first such event is on its way to the disk. */
function during(isMeant: (event: OutgoingEvent) => boolean, act: (event: OutgoingEvent) => void): void {
  const pipeline = server.get(EventPipeline);
  const send = pipeline.sendToThread.bind(pipeline);
  let isDone = false;
  jest.spyOn(pipeline, 'sendToThread').mockImplementation(async (threadId, event) => {
    const sent = send(threadId, event);
    if (!isDone && isMeant(event)) {
      isDone = true;
      act(event);
    }
    return sent;
  });
}

const cancel = ({ runId }: OutgoingEvent): void => server.get(OwnedRuns).cancel(runId, 'test');
const isToolStart = ({ type }: OutgoingEvent): boolean => type === 'tool_executing';
const writeLine = { tool: 'write_line', parameters: { line: 'too late' } };

describe('a run that is stopped while the start of something is being stored', () => {
  it('does not start the tool, and tells that it was stopped', async () => {
    during(isToolStart, cancel);
    const { runId, threadId } = await submitScript(server, user, writeLine);
    expect(await runEnd(server.database, runId)).toBe('cancelled');
    expect(await sideEffects(server.database, runId)).toEqual([]);
    expect(await logFaults(server.database, threadId)).toEqual([]);
    expect(inShort(await storedEvents(server.database, threadId)).slice(-4)).toEqual([
      'tool_executing write_line',
      'tool_completed write_line tool_failed',
      'agent_completed supervisor/scripted cancelled',
      'agent_completed supervisor cancelled',
    ]);
  });

  it('does not start the agent', async () => {
    const pass = jest.spyOn(server.get(Gates), 'pass').mockResolvedValue(undefined);
    during(({ type, fields }) => type === 'agent_started' && fields.agent === 'scripted', cancel);
    const { runId, threadId } = await submitScript(server, user, { gate: 'begun' });
    expect(await runEnd(server.database, runId)).toBe('cancelled');
    expect(pass).not.toHaveBeenCalled();
    expect(await logFaults(server.database, threadId)).toEqual([]);
    expect(inShort(await storedEvents(server.database, threadId)).slice(-2)).toEqual([
      'agent_completed supervisor/scripted cancelled',
      'agent_completed supervisor cancelled',
    ]);
  });

  it('leaves the tool to the server that goes on with the run', async () => {
    during(isToolStart, () => server.get(OwnedRuns).handBackAll());
    const { runId, threadId } = await submitScript(server, user, writeLine);
    await until(() => server.get(OwnedRuns).toldToGoBack > 0 && server.get(OwnedRuns).size === 0, {
      message: 'the run goes back',
    });
    expect(await sideEffects(server.database, runId)).toEqual([]);
    expect(inShort(await storedEvents(server.database, threadId)).at(-1)).toBe('tool_executing write_line');
  });
});
