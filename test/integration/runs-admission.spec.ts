import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/errors/app-error.js';
import type { Accepted } from '../../src/runs/admission.js';
import { Gates } from '../support/gates.js';
import { logFaults, runEnd } from '../support/run-log.js';
import { script } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { TestServer, type TestUser } from '../support/server.js';
import { submit } from '../support/submit.js';
import { until } from '../support/until.js';

let server: TestServer;
let user: TestUser;
let gateCount = 0;

beforeAll(async () => {
  server = await TestServer.start({}, [ScriptedModule]);
});
beforeEach(async () => {
  user = await server.register();
});
afterAll(() => server.stop());

/** A run that stands still until its gate is opened. */
async function standing(
  more: { threadId?: string; messageId?: string; ifBusy?: 'enqueue' | 'reject' | 'interrupt' } = {},
) {
  const gate = `gate-${(gateCount += 1)}`;
  const run = await submit(server, user, { agent: 'scripted', text: script({ gate }), ...more });
  return { ...run, gate, open: () => server.get(Gates).open(gate) };
}

/** So many connections of the pool, open at once: those who come together then do not wait for connections one after the other. */
async function openConnections(count: number): Promise<void> {
  let arrived = 0;
  let go = (): void => undefined;
  const all = new Promise<void>((resolve) => (go = resolve));
  const arrive = async (): Promise<void> => {
    arrived += 1;
    if (arrived === count) go();
    await all;
  };
  await Promise.all(Array.from({ length: count }, () => server.database.transaction(arrive)));
}

const states = async (): Promise<Record<string, string>> => {
  const rows = await server.database.rows<{ id: string; state: string }>(
    'SELECT id, state FROM run WHERE user_id = $1',
    [user.id],
  );
  return Object.fromEntries(rows.map(({ id, state }) => [id, state]));
};
const live = async (): Promise<string[]> =>
  Object.entries(await states())
    .filter(([, state]) => ['starting', 'running', 'completing'].includes(state))
    .map(([id]) => id);

async function allEnd(runs: readonly { runId: string; open?: () => void }[]): Promise<void> {
  for (const run of runs) run.open?.();
  for (const { runId } of runs) await runEnd(server.database, runId);
}

describe('a message_id', () => {
  it('makes one message and one run of 20 submissions at the same time', async () => {
    const submission = { agent: 'scripted', text: script({ think: 'once' }), messageId: 'mine' };
    await openConnections(16);
    const answers = await Promise.all(Array.from({ length: 20 }, () => submit(server, user, submission)));
    expect(new Set(answers.map(({ runId }) => runId)).size).toBe(1);
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    const [first] = answers;
    if (first === undefined) throw new Error('no answer');
    expect(await runEnd(server.database, first.runId)).toBe('completed');
    const again = await submit(server, user, { ...submission, ifBusy: 'reject' });
    expect(again).toMatchObject({ runId: first.runId, threadId: first.threadId, duplicate: true, state: 'completed' });
    expect(await server.database.rows('SELECT 1 FROM run WHERE user_id = $1', [user.id])).toHaveLength(1);
    expect(await server.database.rows('SELECT 1 FROM thread WHERE user_id = $1', [user.id])).toHaveLength(1);
  });

  it('with another text is a conflict, and is free for another user', async () => {
    const first = await submit(server, user, { text: 'one', messageId: 'same' });
    await expect(submit(server, user, { text: 'two', messageId: 'same' })).rejects.toMatchObject({
      code: 'message_id_conflict',
    });
    const other = await server.register();
    const second = await submit(server, other, { text: 'two', messageId: 'same' });
    expect(second).toMatchObject({ duplicate: false });
    expect(second.runId).not.toBe(first.runId);
    await allEnd([first, second]);
  });
});

describe('a busy thread', () => {
  it('makes messages wait for each other in their order', async () => {
    const first = await standing();
    const later: Accepted[] = [];
    for (let count = 0; count < 3; count += 1) {
      later.push(await submit(server, user, { agent: 'scripted', text: '[]', threadId: first.threadId }));
    }
    expect(later.map(({ position, state }) => [position, state])).toEqual([
      [1, 'pending'],
      [2, 'pending'],
      [3, 'pending'],
    ]);
    await server.get(Gates).reached(first.gate);
    expect(await live()).toEqual([first.runId]);
    await allEnd([first, ...later]);
    expect(await logFaults(server.database, first.threadId)).toEqual([]);
    const order = await server.database.rows<{ id: string }>(
      'SELECT id FROM run WHERE thread_id = $1 ORDER BY finished_at, id',
      [first.threadId],
    );
    expect(order.map(({ id }) => id)).toEqual([first.runId, ...later.map(({ runId }) => runId)]);
  });

  it('refuses where that was asked for', async () => {
    const first = await standing();
    const refused = submit(server, user, { threadId: first.threadId, ifBusy: 'reject' });
    await expect(refused).rejects.toMatchObject({ code: 'thread_busy', retryable: true });
    await allEnd([first]);
  });

  it('is interrupted where that was asked for', async () => {
    const first = await standing();
    await server.get(Gates).reached(first.gate);
    const waiting = await submit(server, user, { agent: 'scripted', text: '[]', threadId: first.threadId });
    const next = await standing({ threadId: first.threadId, ifBusy: 'interrupt' });
    expect(next.position).toBe(1);
    next.open();
    expect(await runEnd(server.database, first.runId)).toBe('cancelled');
    expect(await runEnd(server.database, waiting.runId)).toBe('cancelled');
    expect(await runEnd(server.database, next.runId)).toBe('completed');
    expect(await logFaults(server.database, first.threadId)).toEqual([]);
  });
});

describe('the limits of a user', () => {
  it('let three runs work at once, and the others in their order', async () => {
    const runs = [];
    for (let count = 0; count < 6; count += 1) runs.push(await standing());
    const gates = server.get(Gates);
    for (const [index, run] of runs.entries()) {
      await gates.reached(run.gate);
      expect((await live()).sort()).toEqual(
        runs
          .slice(Math.max(0, index - 2), Math.max(3, index + 1))
          .map(({ runId }) => runId)
          .sort(),
      );
      if (index < 2) continue;
      const oldest = runs[index - 2];
      oldest?.open();
      if (oldest !== undefined) await runEnd(server.database, oldest.runId);
    }
    await allEnd(runs);
  });

  it('are a user’s own', async () => {
    const runs = [await standing(), await standing(), await standing(), await standing()];
    const waiting = runs[3];
    user = await server.register();
    const other = await standing();
    await server.get(Gates).reached(other.gate);
    await allEnd([other, ...runs]);
    expect(waiting?.position).toBe(1);
  });

  it('are 10 waiting runs of a thread and 20 of a user', async () => {
    const first = await standing();
    const { threadId } = first;
    const runs: Accepted[] = [];
    const enqueue = (into: string) => submit(server, user, { agent: 'scripted', text: '[]', threadId: into });
    for (let count = 0; count < 10; count += 1) runs.push(await enqueue(threadId));
    await expect(enqueue(threadId)).rejects.toMatchObject({ code: 'queue_full', retryable: true });
    const second = await standing();
    for (let count = 0; count < 10; count += 1) runs.push(await enqueue(second.threadId));
    await expect(submit(server, user, {})).rejects.toMatchObject({ code: 'queue_full' });
    expect(await server.database.rows('SELECT 1 FROM run WHERE user_id = $1', [user.id])).toHaveLength(22);
    await allEnd([first, second, ...runs]);
    for (const id of [threadId, second.threadId]) expect(await logFaults(server.database, id)).toEqual([]);
  });
});

describe('a thread of somebody else', () => {
  it('is not found, exactly like one that does not exist', async () => {
    const mine = await submit(server, user, { agent: 'scripted', text: '[]' });
    await runEnd(server.database, mine.runId);
    const stranger = await server.register();
    const refusal = (threadId: string) =>
      submit(server, stranger, { threadId }).then(
        () => 'accepted',
        (error: unknown) => (error instanceof AppError ? JSON.stringify(error.toWire()) : String(error)),
      );
    const foreign = await refusal(mine.threadId);
    expect(foreign).toContain('thread_not_found');
    expect(await refusal('01890000-0000-7000-8000-000000000000')).toBe(foreign);
    expect(await refusal('nonsense')).toBe(foreign);
    expect(await server.database.rows('SELECT 1 FROM run WHERE user_id = $1', [stranger.id])).toEqual([]);
  });

  it('keeps no job behind: every run of these tests is over', async () => {
    await until(
      async () => {
        const row = await server.database.row<{ count: number }>(
          `SELECT count(*)::int AS count FROM run WHERE state IN ('pending','starting','running','completing')`,
        );
        return row?.count === 0;
      },
      { timeoutMs: 10_000, message: 'all runs to be over' },
    );
  });
});
