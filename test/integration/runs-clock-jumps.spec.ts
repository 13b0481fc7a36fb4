import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Accepted } from '../../src/runs/admission.js';
import { RunQueue } from '../../src/runs/run-queue.js';
import { Clock } from '../../src/telemetry/clock.js';
import { Gates } from '../support/gates.js';
import { runEnd, storedEvents } from '../support/run-log.js';
import { script } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { TestServer, type TestUser } from '../support/server.js';
import { submit, submitScript } from '../support/submit.js';

const HOUR_MS = 3_600_000;

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({}, [ScriptedModule]);
  user = await server.register();
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => server.stop());

/** From now on the server's wall clock is wrong by so much. */
function setClock(wrongByMs: number): void {
  const rightMs = performance.timeOrigin;
  jest.spyOn(server.get(Clock), 'now').mockImplementation(() => new Date(rightMs + performance.now() + wrongByMs));
}

const sayIn = (threadId: string, text: string): Promise<Accepted> =>
  submit(server, user, { threadId, agent: 'scripted', text: script({ think: text }) });

describe('a server whose clock jumps', () => {
  it('forward while a run is accepted: the run is found although its job was lost', async () => {
    setClock(HOUR_MS);
    jest.spyOn(server.get(RunQueue), 'add').mockResolvedValueOnce(undefined);
    const { runId } = await submitScript(server, user, { think: 'hm' });
    expect(await runEnd(server.database, runId)).toBe('completed');
  });

  it('back between two messages of a thread: their runs keep the order in which they were accepted', async () => {
    const gate = 'clock';
    const { threadId, runId } = await submitScript(server, user, { gate });
    await server.get(Gates).reached(gate);
    setClock(HOUR_MS);
    const second = await sayIn(threadId, 'second');
    setClock(-HOUR_MS);
    const third = await sayIn(threadId, 'third');
    server.get(Gates).open(gate);
    await runEnd(server.database, third.runId);
    await runEnd(server.database, second.runId);
    const events = await storedEvents(server.database, threadId);
    const started = events.flatMap((event) =>
      event.type === 'agent_started' && event.agent_path.length === 1 ? [event.run_id] : [],
    );
    expect(started).toEqual([runId, second.runId, third.runId]);
  });
});
