import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { connectAt, gateAt, registerAt } from '../support/rest-user.js';
import { logFaults, runEnd } from '../support/run-log.js';
import { script } from '../support/scripted-agent.js';
import { createSideEffects, sideEffects } from '../support/scripted-tools.js';
import { ServerProcess } from '../support/server-process.js';
import type { SocketClient } from '../support/socket.js';

const GRACE_MS = 8_000;
const USERS = 3;

const draining = z.object({
  reason: z.literal('SIGTERM'),
  retry_after_ms: z.number().positive(),
  deadline: z.iso.datetime(),
});

let store: TestDatabase;
let open: OpenDatabase;
const started: ServerProcess[] = [];

beforeAll(async () => {
  store = await createTestDatabase();
  open = await openDatabase(store.url);
  await createSideEffects(open.database);
});
afterAll(async () => {
  await Promise.all(started.map((server) => server.end('SIGKILL')));
  await open.close();
  await store.drop();
});

interface Asker {
  readonly token: string;
  readonly client: SocketClient;
  /** Ends within the grace period. */
  readonly short: z.infer<typeof accepted>;
  /** Must be handed over. */
  readonly long: z.infer<typeof accepted>;
}

const ask = async (client: SocketClient, text: string) =>
  accepted.parse(await client.ask({ type: 'user_message', agent: 'scripted', text }));

async function asker(url: string, index: number): Promise<Asker> {
  const token = await registerAt(url, `user-${index}@example.com`);
  const client = await connectAt(url, token);
  const short = await ask(client, script({ gate: `short-${index}` }, { answer: 'short' }));
  const line = { tool: 'write_line', parameters: { line: 'once' } };
  const long = await ask(client, script(line, { delegate: [line, { gate: `long-${index}` }] }, { answer: 'whole' }));
  await Promise.all(['short', 'long'].map((run) => gateAt(url, `${run}-${index}`).reached()));
  return { token, client, short, long };
}

const seqs = (client: SocketClient, threadId: string) => client.events(threadId).map(({ seq }) => Number(seq));

describe('a server that gets SIGTERM while many users have runs on it', () => {
  it('lets runs finish or hands them over, and nobody sees an error, a gap or a repeat', async () => {
    const environment = { ...ServerProcess.environment(store.url), SHUTDOWN_GRACE_MS: String(GRACE_MS) };
    const start = async () => {
      const server = await ServerProcess.start(environment, 'scripted-main.ts');
      started.push(server);
      return server;
    };
    const first = await start();
    const askers = await Promise.all(Array.from({ length: USERS }, (_, index) => asker(first.url, index)));
    const second = await start();
    await Promise.all(askers.map((_, index) => gateAt(second.url, `long-${index}`).open()));

    const toldMs = performance.now();
    const exit = first.end('SIGTERM');
    const told = await Promise.all(
      askers.map(async ({ client }) => draining.parse(await client.next('server_draining'))),
    );
    expect(new Set(told.map(({ retry_after_ms }) => retry_after_ms)).size).toBeGreaterThan(1);
    for (const { deadline } of told) expect(Date.parse(deadline)).toBeGreaterThan(Date.now());
    const late = await Promise.all(askers.map(({ client }) => ask(client, script({ answer: 'late' }))));
    await Promise.all(askers.map((_, index) => gateAt(first.url, `short-${index}`).open()));
    await Promise.all(askers.map(({ client, short }) => finalEvent(client, short.run_id)));
    for (const { client } of askers) expect(await client.end()).toMatchObject({ code: 1012 });
    expect(await exit).toBe(0);
    expect(performance.now() - toldMs).toBeLessThan(GRACE_MS);

    for (const [index, { token, client, short, long }] of askers.entries()) {
      const again = await connectAt(second.url, token, '?follow=none');
      const threads = [short, long, late[index] ?? short].map(({ thread_id }) => thread_id);
      const positions = threads.map((id) => ({ thread_id: id, after_seq: seqs(client, id).at(-1) ?? 0 }));
      await again.ask({ type: 'subscribe', threads: positions });
      expect(await runEnd(open.database, late[index]?.run_id ?? '')).toBe('completed');
      expect(await finalEvent(again, long.run_id)).toMatchObject({ status: 'completed', response: 'whole' });
      for (const threadId of threads) {
        const length = await open.database.row<{ last_seq: number }>('SELECT last_seq FROM thread WHERE id = $1', [
          threadId,
        ]);
        await again.ask({ type: 'ping' });
        const seen = [...seqs(client, threadId), ...seqs(again, threadId)];
        expect(seen).toEqual(Array.from({ length: length?.last_seq ?? 0 }, (_, at) => at + 1));
        expect(await logFaults(open.database, threadId)).toEqual([]);
      }
      expect(await sideEffects(open.database, long.run_id)).toEqual(['once', 'once']);
      const errors = [...client.frames, ...again.frames].filter(
        ({ type }) => type === 'error' || type === 'agent_error',
      );
      expect(errors).toEqual([]);
      again.close();
    }
    const audit = await open.database.rows<{ details: string }>(
      `SELECT details FROM audit_entry WHERE action = 'server_shutdown' AND actor_id IS NULL`,
    );
    expect(audit.map(({ details }): unknown => JSON.parse(details))).toMatchObject([
      { reason: 'SIGTERM', role: 'all', runs_handed_back: USERS },
    ]);
    expect(await second.end('SIGTERM')).toBe(0);
  }, 90_000);
});
