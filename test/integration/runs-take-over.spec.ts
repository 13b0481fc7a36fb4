import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ThreadEvent } from '@goldenpath/protocol';
import type { Accepted } from '../../src/runs/admission.js';
import { Cancellation } from '../../src/runs/cancellation.js';
import { RunWorker } from '../../src/runs/run-worker.js';
import { Gates } from '../support/gates.js';
import { inShort, logFaults, runEnd, storedEvents } from '../support/run-log.js';
import type { Step } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { createSideEffects, sideEffects } from '../support/scripted-tools.js';
import { TestServer, type TestUser } from '../support/server.js';
import { submitScript } from '../support/submit.js';
import { until } from '../support/until.js';

let server: TestServer;
let user: TestUser;
let gateCount = 0;

beforeAll(async () => {
  server = await TestServer.start({ CONCURRENT_RUNS_PER_USER: '100' }, [ScriptedModule]);
  await createSideEffects(server.database);
  user = await server.register();
});
afterAll(() => server.stop());

const newGate = (): string => `take-over-${(gateCount += 1)}`;

/** Starts a script and waits until it stands at the gate. */
async function standing(gate: string, ...steps: Step[]): Promise<Accepted> {
  const run = await submitScript(server, user, ...steps);
  await server.get(Gates).reached(gate);
  return run;
}

/** What the death of a worker looks like from outside: its epoch is over and its lease has run out. Waits for the next attempt. */
async function loseWorker(run: Accepted, attempt: number, crashes = attempt - 2): Promise<void> {
  await server.database.execute(
    `UPDATE run SET epoch = epoch + 1, owner = 'lost', crashes = $2, lease_until = now() - interval '1 second' WHERE id = $1`,
    [run.runId, crashes],
  );
  await until(async () => (await resumptions(run)).includes(attempt), {
    timeoutMs: 10_000,
    message: `attempt ${attempt} at ${run.runId}`,
  });
}

async function resumptions(run: Accepted): Promise<number[]> {
  const events = await storedEvents(server.database, run.threadId);
  return events.flatMap((event) => (event.type === 'run_resumed' ? [event.attempt] : []));
}

async function completed(run: Accepted): Promise<ThreadEvent[]> {
  expect(await runEnd(server.database, run.runId)).toBe('completed');
  expect(await logFaults(server.database, run.threadId)).toEqual([]);
  return storedEvents(server.database, run.threadId);
}

const effects = (run: Accepted): Promise<string[]> => sideEffects(server.database, run.runId);

describe('a run whose worker is lost', () => {
  it('does not repeat agents and tool calls that were completed', async () => {
    const gate = newGate();
    const run = await standing(
      gate,
      { tool: 'write_line', parameters: { line: 'direct' } },
      { delegate: [{ tool: 'write_line', parameters: { line: 'inner' } }] },
      { converse: [{ tool: 'write_line', parameters: { line: 'asked for' } }] },
      { gate },
      { tool: 'write_line', parameters: { line: 'after' } },
    );
    await loseWorker(run, 2);
    server.get(Gates).open(gate);
    const events = await completed(run);
    expect(await effects(run)).toEqual(['direct', 'inner', 'asked for', 'after']);
    const short = inShort(events);
    expect(short.filter((line) => line === 'agent_started supervisor/scripted/scripted')).toHaveLength(1);
    expect(short.filter((line) => line === 'agent_started supervisor/scripted')).toHaveLength(2);
  });

  it('repeats an idempotent call of unknown outcome, and says of which call it is the repeat', async () => {
    const gate = newGate();
    const run = await standing(gate, { tool: 'set_line', parameters: { line: 'set', gate } });
    await loseWorker(run, 2);
    server.get(Gates).open(gate);
    const events = await completed(run);
    expect(await effects(run)).toEqual(['set', 'set']);
    const [first, second] = events.flatMap((event) => (event.type === 'tool_executing' ? [event] : []));
    expect(second?.retry_of).toBe(first?.tool_call_id);
    expect(inShort(events).filter((line) => line.startsWith('tool_completed'))).toEqual([
      'tool_completed set_line outcome_unknown',
      'tool_completed set_line ok',
    ]);
  });

  it('never repeats another call of unknown outcome: not after a second loss, not when its parameters are cut or redacted in the log', async () => {
    const [inTool, between] = [newGate(), newGate()];
    const long = 'x'.repeat(3_000);
    const run = await standing(
      inTool,
      { tool: 'write_line', parameters: { line: long, password: 'hunter2', gate: inTool } },
      { gate: between },
      { tool: 'write_line', parameters: { line: 'after' } },
    );
    await loseWorker(run, 2);
    await server.get(Gates).reached(between);
    await loseWorker(run, 3);
    server.get(Gates).open(between);
    const events = await completed(run);
    expect(await effects(run)).toEqual([long, 'after']);
    expect(JSON.stringify(events.slice(1).filter(({ type }) => type.startsWith('tool_')))).not.toContain('hunter2');
  });

  it('does not take a doubtful direct call for one of a conversation before it', async () => {
    const gate = newGate();
    const run = await standing(
      gate,
      { converse: [{ tool: 'set_line', parameters: { line: 'asked for' } }] },
      { tool: 'write_line', parameters: { line: 'direct', gate } },
    );
    await loseWorker(run, 2);
    const events = await completed(run);
    expect(await effects(run)).toEqual(['asked for', 'direct']);
    expect(inShort(events).filter((line) => line.startsWith('tool_executing'))).toHaveLength(2);
  });

  it('does not repeat a doubtful call of a conversation, however often it is asked for', async () => {
    const gate = newGate();
    const call = { tool: 'write_line', parameters: { line: 'once', gate } };
    const run = await standing(gate, { converse: [call, call] });
    await loseWorker(run, 2);
    await completed(run);
    expect(await effects(run)).toEqual(['once']);
  });

  describe('and whose next attempt delegates in another order', () => {
    const work = { tool: 'write_line', parameters: { line: 'done once' } };
    const started = (events: readonly ThreadEvent[]): string[] =>
      inShort(events).filter((line) => line.startsWith('agent_started supervisor/scripted/'));
    /** A gate may be reached before the log tells how. */
    const tells = async (run: Accepted, line: string): Promise<void> => {
      const isTold = async () => inShort(await storedEvents(server.database, run.threadId)).includes(line);
      await until(isTold, { message: `${line} of ${run.runId}` });
    };

    it('ends what was left open, and begins it again under another path with what it had done', async () => {
      const [first, second] = [newGate(), newGate()];
      const inner = { delegate: [work, { delegate: [work] }, { gate: first }] };
      const run = await standing(first, {
        attempts: [[inner], [{ delegate: [], agent: 'speechless' }, inner, { gate: second }]],
      });
      await tells(run, 'agent_completed supervisor/scripted/scripted/scripted completed');
      await loseWorker(run, 2);
      server.get(Gates).open(first);
      await tells(run, 'agent_completed supervisor/scripted/scripted-2 completed');
      await loseWorker(run, 3);
      server.get(Gates).open(second);
      const events = await completed(run);
      expect(await effects(run)).toEqual(['done once', 'done once']);
      expect(started(events)).toEqual([
        'agent_started supervisor/scripted/scripted',
        'agent_started supervisor/scripted/scripted/scripted',
        'agent_started supervisor/scripted/scripted',
        'agent_started supervisor/scripted/speechless',
        'agent_started supervisor/scripted/scripted-2',
      ]);
    });

    it('goes on with the path of before it when it is lost again', async () => {
      const [first, second] = [newGate(), newGate()];
      const inner = (gate: string) => ({ delegate: [work, { gate }] });
      const other = { delegate: [], agent: 'speechless' };
      const run = await standing(first, { attempts: [[inner(first)], [other, inner(second)], [inner(second), other]] });
      await loseWorker(run, 2);
      await tells(run, 'agent_started supervisor/scripted/scripted-2');
      await loseWorker(run, 3);
      server.get(Gates).open(second);
      const events = await completed(run);
      expect(await effects(run)).toEqual(['done once']);
      expect(started(events).slice(2)).toEqual([
        'agent_started supervisor/scripted/speechless',
        'agent_started supervisor/scripted/scripted-2',
        'agent_started supervisor/scripted/scripted-2',
      ]);
    });

    it('ends an agent that the log shows as begun again after its end', async () => {
      const [first, second] = [newGate(), newGate()];
      const run = await standing(first, {
        attempts: [[{ delegate: [{ gate: first }] }], [{ delegate: [], agent: 'speechless' }, { gate: second }]],
      });
      await tells(run, 'agent_started supervisor/scripted/scripted');
      await loseWorker(run, 2);
      await tells(run, 'agent_completed supervisor/scripted/speechless completed');
      await server.database.execute(
        `WITH again AS (UPDATE thread SET last_seq = last_seq + 1 WHERE id = $1 RETURNING last_seq)
         INSERT INTO run_event (thread_id, seq, run_id, epoch, event_id, type, payload)
         SELECT e.thread_id, again.last_seq, e.run_id, e.epoch, gen_random_uuid(), e.type, e.payload
         FROM again, run_event e WHERE e.thread_id = $1 AND e.type = 'agent_started'
           AND e.payload->>'agent_path' = '["supervisor","scripted","scripted"]'
         ORDER BY e.seq DESC LIMIT 1`,
        [run.threadId],
      );
      await loseWorker(run, 3);
      server.get(Gates).open(second);
      expect(await runEnd(server.database, run.runId)).toBe('completed');
      expect(await logFaults(server.database, run.threadId)).toHaveLength(1);
    });
  });

  it('is dead after the fifth, with a final event, and its open agents closed', async () => {
    const gate = newGate();
    const run = await standing(gate, { delegate: [{ tool: 'write_line', parameters: { line: 'dead', gate } }] });
    await server.database.execute(
      `UPDATE run SET epoch = epoch + 1, crashes = 4, lease_until = now() - interval '1 second' WHERE id = $1`,
      [run.runId],
    );
    expect(await runEnd(server.database, run.runId)).toBe('dead');
    expect(await logFaults(server.database, run.threadId)).toEqual([]);
    const final = (await storedEvents(server.database, run.threadId)).at(-1);
    expect(final).toMatchObject({
      type: 'agent_completed',
      final: true,
      status: 'dead',
      response: expect.stringMatching(/\S/),
      error: { code: 'run_dead', error_id: expect.any(String) },
    });
    expect(await effects(run)).toEqual(['dead']);
  });
});

describe('a run that this process lets slip and takes again itself', () => {
  it('belongs to the second attempt alone, which can be cancelled', async () => {
    const [gate, later] = [newGate(), newGate()];
    const writing = { tool: 'write_line', parameters: { line: 'once', gate } };
    const run = await standing(gate, { think: 'here' }, writing, { gate: later });
    await server.database.execute(`UPDATE run SET lease_until = now() - interval '1 second' WHERE id = $1`, [
      run.runId,
    ]);
    const second = server.get(RunWorker).process(run.runId);
    await server.get(Gates).reached(later);
    expect(await resumptions(run)).toHaveLength(1);
    await server.get(Cancellation).request({ userId: user.id, tenantId: user.tenantId }, run.runId, 'test');
    await second;
    expect(await runEnd(server.database, run.runId)).toBe('cancelled');
    expect(await logFaults(server.database, run.threadId)).toEqual([]);
    expect(await effects(run)).toEqual(['once']);
  });

  it('stays in charge of the second attempt when the first one lets go', async () => {
    const [first, second] = [newGate(), newGate()];
    const run = await standing(first, { gate: first }, { gate: second });
    await server.database.execute(`UPDATE run SET lease_until = now() - interval '1 second' WHERE id = $1`, [
      run.runId,
    ]);
    const working = server.get(RunWorker).process(run.runId);
    server.get(Gates).open(first);
    await server.get(Gates).reached(second);
    await server.get(Cancellation).request({ userId: user.id, tenantId: user.tenantId }, run.runId, 'test');
    await working;
    expect(await runEnd(server.database, run.runId)).toBe('cancelled');
    expect(await logFaults(server.database, run.threadId)).toEqual([]);
  });
});
