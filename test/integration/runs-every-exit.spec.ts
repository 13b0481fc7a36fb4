import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunCompletedEvent, ThreadEvent } from '@goldenpath/protocol';
import { RunLeases } from '../../src/events/run-leases.js';
import { ThreadHub } from '../../src/events/thread-hub.js';
import { Cancellation } from '../../src/runs/cancellation.js';
import { OwnedRuns } from '../../src/runs/owned-runs.js';
import { Gates } from '../support/gates.js';
import { inShort, logFaults, runEnd, storedEvents } from '../support/run-log.js';
import type { Step } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { createSideEffects } from '../support/scripted-tools.js';
import { TestServer, type TestUser } from '../support/server.js';
import { submit, submitScript } from '../support/submit.js';
import { until } from '../support/until.js';

let server: TestServer;
let user: TestUser;
let timersBefore: number;

const LIMITS = { TOOL_TIMEOUT_MS: '200', AGENT_TIMEOUT_MS: '600', RUN_TIMEOUT_MS: '1500', MESSAGES_PER_MINUTE: '1000' };

beforeAll(async () => {
  server = await TestServer.start(LIMITS, [ScriptedModule]);
  await createSideEffects(server.database);
  user = await server.register();
  await play({ tool: 'set_line', parameters: { line: 'warm' } });
  timersBefore = timers();
});
afterAll(() => server.stop());

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

interface Ended {
  readonly state: string;
  readonly events: ThreadEvent[];
  readonly short: string[];
  readonly final: RunCompletedEvent;
}

/** Every run, however it ends: a log without faults whose last event is the root's, with an answer. */
async function ended({ runId, threadId }: { runId: string; threadId: string }): Promise<Ended> {
  const state = await runEnd(server.database, runId);
  const events = await storedEvents(server.database, threadId);
  expect(await logFaults(server.database, threadId)).toEqual([]);
  const final = events.at(-1);
  if (final?.type !== 'agent_completed' || final.final !== true) throw new Error(`the log ends with ${final?.type}`);
  expect(final.agent_path).toEqual(['supervisor']);
  expect(final.response).toMatch(/\S/);
  expect(final.status).toBe(state);
  const answer = await server.database.row<{ text: string }>(
    `SELECT text FROM message WHERE run_id = $1 AND role = 'assistant'`,
    [runId],
  );
  expect(answer?.text).toBe(final.response);
  return { state, events, short: inShort(events), final };
}

const play = async (...steps: Step[]): Promise<Ended> => ended(await submitScript(server, user, ...steps));

describe('a run that comes to its end', () => {
  it('has the grammar of protocol.md', async () => {
    const { state, short, final } = await play(
      { think: 'first' },
      { tool: 'write_line', parameters: { line: 'a' } },
      { delegate: [{ tool: 'set_line', parameters: { line: 'b' } }] },
      { answer: 'the answer' },
    );
    expect(state).toBe('completed');
    expect(final.response).toBe('the answer');
    expect(short).toEqual([
      'message_created',
      'agent_started supervisor',
      'agent_thinking supervisor',
      'agent_started supervisor/scripted',
      'agent_thinking supervisor/scripted',
      'agent_thinking supervisor/scripted',
      'tool_executing write_line',
      'tool_completed write_line ok',
      'agent_started supervisor/scripted/scripted',
      'agent_thinking supervisor/scripted/scripted',
      'tool_executing set_line',
      'tool_completed set_line ok',
      'agent_completed supervisor/scripted/scripted completed',
      'agent_completed supervisor/scripted completed',
      'agent_completed supervisor completed',
    ]);
  });

  it('keeps the grammar when its agent does everything at once', async () => {
    const { state } = await play({
      together: [
        { delegate: [{ think: 'inner' }, { tool: 'set_line', parameters: { line: 'c' } }] },
        { tool: 'set_line', parameters: { line: 'd' } },
        { tool: 'set_line', parameters: { line: 'e' } },
        { think: 'outer' },
        { delegate: [{ think: 'second inner' }] },
        { tool: 'break' },
      ],
    });
    expect(state).toBe('completed');
  });

  it('waits for what its agent began and did not wait for', async () => {
    const run = await submitScript(
      server,
      user,
      { loose: { tool: 'set_line', parameters: { line: 'loose', gate: 'loose' } } },
      { loose: { delegate: [{ think: 'loose, too' }] } },
    );
    const gates = server.get(Gates);
    await gates.reached('loose');
    gates.open('loose');
    const { short } = await ended(run);
    expect(short).toContain('tool_completed set_line ok');
  });

  it('answers where its agent has no words for an opening, no answer, or one that text columns can not hold', async () => {
    const speechless = await ended(await submit(server, user, { agent: 'speechless' }));
    expect(speechless.final.response).toBe('It worked all the same.');
    expect((await play({ answer: ' ' })).final.response).toMatch(/\S/);
    expect((await play({ answer: 'a\u0000b' })).final.response).toBe('a\uFFFDb');
  });
});

describe('a run that fails', () => {
  it('tells of an agent that throws, with an id and without its message', async () => {
    const { state, short, events, final } = await play({ think: 'now' }, { fail: 'secret detail' });
    expect(state).toBe('failed');
    expect(short.slice(-4)).toEqual([
      'agent_error supervisor/scripted',
      'agent_completed supervisor/scripted failed',
      'agent_error supervisor',
      'agent_completed supervisor failed',
    ]);
    expect(JSON.stringify(events.slice(5))).not.toContain('secret detail');
    expect(final.error).toMatchObject({ error_id: expect.any(String) });
    const report = await server.database.row<{ run_id: string; stack: string }>(
      'SELECT run_id, stack FROM error_report WHERE id = $1',
      [final.error?.error_id],
    );
    expect(report?.run_id).toBe(final.run_id);
  });

  it('goes on when a tool throws, gives what JSON can not hold, or gets what it did not ask for', async () => {
    const { state, short, events } = await play(
      { tool: 'break' },
      { tool: 'garble' },
      { tool: 'write_line', parameters: { wrong: true } },
    );
    expect(state).toBe('completed');
    expect(short.filter((line) => line.startsWith('tool_'))).toEqual([
      'tool_executing break',
      'tool_completed break tool_failed',
      'tool_executing garble',
      'tool_completed garble tool_failed',
      'tool_executing write_line',
      'tool_completed write_line validation_failed',
    ]);
    expect(JSON.stringify(events)).not.toContain('a detail that users must not see');
  });

  it('shows what a tool gave as JSON holds it, whatever it is made of', async () => {
    const { state, events } = await play({ tool: 'quote' });
    expect(state).toBe('completed');
    expect(events.find(({ type }) => type === 'tool_completed')).toMatchObject({
      success: true,
      result: { amount: '42', at: '1970-01-01T00:00:00.000Z' },
    });
  });

  it('says engine_init_failed when an agent can not be made', async () => {
    const { state, final } = await ended(await submit(server, user, { agent: 'unmakeable' }));
    expect(state).toBe('failed');
    expect(final.error).toMatchObject({ code: 'engine_init_failed', error_id: expect.any(String) });
  });

  it('says engine_init_failed when its context is invalid', async () => {
    const run = await submit(server, user, { agent: 'scripted', requestId: 'placeholder', text: '[]' });
    const { state, final } = await ended(run);
    expect(state).toBe('failed');
    expect(final.error).toMatchObject({ code: 'engine_init_failed', error_id: expect.any(String) });
  });

  it('ends what was at work when one of several things throws', async () => {
    const { state, short } = await play({ together: [{ tool: 'stall' }, { fail: 'beside it' }] });
    expect(state).toBe('failed');
    expect(short).toContain('tool_completed stall tool_failed');
  });
});

describe('a run whose time is over', () => {
  it('keeps its tool call short', async () => {
    const { state, short } = await play({ tool: 'stall' }, { answer: 'without it' });
    expect(state).toBe('completed');
    expect(short).toContain('tool_completed stall tool_failed');
  });

  it('keeps its agent short, and goes on without it', async () => {
    const { state, short, final } = await play(
      { delegate: [{ tool: 'set_line', parameters: { line: 'kept' } }, { hang: true }] },
      { answer: 'late' },
    );
    // Both have the same limit and the outer one began first: it may be over first.
    expect(['timeout', 'completed']).toContain(state);
    expect(short).toContain('agent_completed supervisor/scripted/scripted timeout');
    expect(final.response).toMatch(/\S/);
  });

  it('tells what was finished until then', async () => {
    const { state, final } = await play({ delegate: [{ think: 'quick' }] }, { hang: true });
    expect(state).toBe('timeout');
    expect(final.response).toContain('scripted');
    expect(final.error).toMatchObject({ code: 'run_timeout' });
  });
});

describe('a run that is cancelled', () => {
  it('while it waits ends at once', async () => {
    const scope = { userId: user.id, tenantId: user.tenantId };
    const gates = server.get(Gates);
    const first = await submitScript(server, user, { gate: 'busy' });
    const { threadId } = first;
    const waiting = await submit(server, user, { agent: 'scripted', text: '[]', threadId });
    await server.get(Cancellation).request(scope, waiting.runId, 'test');
    expect(await runEnd(server.database, waiting.runId)).toBe('cancelled');
    gates.open('busy');
    const { events } = await ended(first).catch(async () => {
      await runEnd(server.database, first.runId);
      return { events: await storedEvents(server.database, threadId) };
    });
    expect(await logFaults(server.database, threadId)).toEqual([]);
    expect(events.filter((event) => event.type === 'agent_completed' && event.final)).toHaveLength(2);
  });

  it('at work stops its tools and agents, innermost first, and says which', async () => {
    const scope = { userId: user.id, tenantId: user.tenantId };
    const run = await submitScript(server, user, {
      delegate: [{ together: [{ tool: 'write_line', parameters: { line: 'x', gate: 'never' } }, { tool: 'stall' }] }],
    });
    await server.get(Gates).reached('never');
    await server.get(Cancellation).request(scope, run.runId, 'test');
    const { state, short, final } = await ended(run);
    expect(state).toBe('cancelled');
    expect(short.slice(-3)).toEqual([
      'agent_completed supervisor/scripted/scripted cancelled',
      'agent_completed supervisor/scripted cancelled',
      'agent_completed supervisor cancelled',
    ]);
    expect(final.stopped?.tools).toContain('write_line');
    expect(final.stopped?.agents).toContain('supervisor/scripted/scripted');
    const reports = await server.database.rows('SELECT 1 FROM error_report WHERE run_id = $1', [run.runId]);
    expect(reports).toEqual([]);
    await expect(server.get(Cancellation).request(scope, run.runId, 'again')).rejects.toMatchObject({
      code: 'invalid_state',
    });
  });

  it('leaves a run as it is that has ended already', async () => {
    const run = await submitScript(server, user, { think: 'done' });
    expect(await ended(run)).toMatchObject({ state: 'completed' });
    const scope = { userId: user.id, tenantId: user.tenantId };
    await expect(server.get(Cancellation).request(scope, run.runId, 'late')).rejects.toMatchObject({
      code: 'invalid_state',
      details: { state: 'completed', from: 'completed', to: 'cancelled' },
    });
    const row = await server.database.row(
      'SELECT cancel_requested_at AS at, cancel_reason AS why FROM run WHERE id = $1',
      [run.runId],
    );
    expect(row).toEqual({ at: null, why: null });
  });

  it('is not there for another user', async () => {
    const stranger = await server.register();
    const run = await submitScript(server, user, { think: 'mine' });
    const scope = { userId: stranger.id, tenantId: stranger.tenantId };
    await expect(server.get(Cancellation).request(scope, run.runId, 'no')).rejects.toMatchObject({
      code: 'run_not_found',
    });
    expect((await ended(run)).state).toBe('completed');
  });
});

describe('all these runs', () => {
  it('leave nothing behind: no lease, no listener, no timer', async () => {
    await until(() => server.get(RunLeases).size === 0 && server.get(OwnedRuns).size === 0, { message: 'no lease' });
    expect(server.get(ThreadHub).size).toBe(0);
    // The database pool gives each idle session ten seconds, and a timer, before it lets it go.
    await until(() => timers() <= timersBefore, {
      timeoutMs: 15_000,
      message: `${timersBefore} timers, not ${timers()}`,
    });
  });
});
