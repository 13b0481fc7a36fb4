import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { BUFFER_HIGH_BYTES } from '../../src/events/frame-sink.js';
import { UserNotices } from '../../src/events/user-notices.js';
import { ConnectionManager } from '../../src/gateway/connection-manager.js';
import { ADMIN, adminToken, deliveryOf, type DeliveryRow } from '../support/admin.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { Gates } from '../support/gates.js';
import { script } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { TestServer, type TestUser } from '../support/server.js';
import type { SocketClient } from '../support/socket.js';
import { until } from '../support/until.js';

const NOTICE_BYTES = 64 * 1024;
const ready = z.object({ connection_id: z.string() });
const seqs = z.array(z.object({ seq: z.number(), run_id: z.string().optional() }));

let server: TestServer;
let admin: string;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start(ADMIN, [ScriptedModule]);
  admin = await adminToken(server);
  user = await server.register();
});
afterAll(() => server.stop());

const idOf = (client: SocketClient): string => ready.parse(client.frames[0]).connection_id;
const seqsOf = (client: SocketClient, runId: string): number[] =>
  seqs
    .parse(client.events())
    .filter((event) => event.run_id === runId)
    .map(({ seq }) => seq);

/** The row of a connection, once it is as expected. */
function rowOf(runId: string, connectionId: string, expected: (row: DeliveryRow) => boolean): Promise<DeliveryRow> {
  const look = async () => {
    const { data } = await deliveryOf(server, admin, runId);
    return data.find((row) => row.connection_id === connectionId && expected(row));
  };
  return until(look, { message: `the row of ${connectionId}`, timeoutMs: 10_000 });
}

/** Fills the way to a client that does not read, until the server pushes nothing more to it. */
async function stall(client: SocketClient): Promise<void> {
  const connections = server.get(ConnectionManager);
  client.socket.pause();
  const buffered = (): number =>
    connections.list().find(({ connection_id: id }) => id === idOf(client))?.buffered_bytes ?? 0;
  for (let rows = 1; buffered() <= BUFFER_HIGH_BYTES; rows += 1) {
    server.get(UserNotices).send(user.id, {
      type: 'import_progress',
      import_id: 'x',
      rows,
      status: 'x'.repeat(NOTICE_BYTES),
    });
    await new Promise(setImmediate);
  }
}

describe('the delivery ledger', () => {
  it('tells who was sent what, who said to have it, who left and who does not read; and what came after', async () => {
    const [acking, leaving, stuck] = [
      await server.connect(user),
      await server.connect(user),
      await server.connect(user),
    ];
    await stall(stuck);
    const text = script({ think: 'first' }, { gate: 'middle' }, { think: 'second' }, { answer: 'done' });
    const { run_id: runId, thread_id: threadId } = accepted.parse(
      await acking.ask({ type: 'user_message', agent: 'scripted', text }),
    );
    await server.get(Gates).reached('middle');
    const seen = await leaving.next((frame) => frame.reasoning === 'first');
    leaving.close();
    await leaving.end();
    await acking.next((frame) => frame.reasoning === 'first');
    acking.send({ type: 'ack', thread_id: threadId, seq: Number(seen.seq) });
    server.get(Gates).open('middle');
    const final = await finalEvent(acking, runId);
    acking.send({ type: 'ack', thread_id: threadId, seq: Number(final.seq) });

    const all = seqsOf(acking, runId);
    const [first, last] = [all[0], all.at(-1)];
    const done = await rowOf(runId, idOf(acking), (row) => row.acked.last_seq === last);
    expect(done).toMatchObject({
      ...{ user_id: user.id, thread_id: threadId, door: 'socket', persisted_seq: last },
      sent: { first_seq: first, last_seq: last, count: all.length },
      acked: { last_seq: last, count: all.length },
      failed: { last_seq: null, count: 0 },
      ...{ catch_ups: 0, last_error: null, stalled_since: null, closed_at: null },
    });
    const left = await rowOf(runId, idOf(leaving), (row) => row.closed_at !== null);
    const got = seqsOf(leaving, runId);
    expect(left.sent).toMatchObject({ first_seq: first, last_seq: got.at(-1), count: got.length });
    expect(left.acked).toEqual({ last_seq: null, count: 0, at: null });
    const held = await rowOf(runId, idOf(stuck), (row) => row.stalled_since !== null);
    expect(held).toMatchObject({ sent: { last_seq: null, count: 0 }, last_error: 'held_back', closed_at: null });

    // What could not be sent is sent from the log, to the one that reads again and to the one that comes back.
    stuck.socket.resume();
    await finalEvent(stuck, runId);
    const caughtUp = await rowOf(runId, idOf(stuck), (row) => row.sent.last_seq === last);
    expect(caughtUp).toMatchObject({ sent: { first_seq: first, count: all.length }, stalled_since: null });
    expect(caughtUp.catch_ups).toBeGreaterThan(0);
    const back = await server.connect(user, '?follow=none');
    await back.ask({ type: 'subscribe', threads: [{ thread_id: threadId, after_seq: Number(got.at(-1)) }] });
    await finalEvent(back, runId);
    back.send({ type: 'ack', thread_id: threadId, seq: Number(last) });
    const rest = all.filter((seq) => seq > Number(got.at(-1)));
    expect(await rowOf(runId, idOf(back), (row) => row.acked.last_seq !== null)).toMatchObject({
      sent: { first_seq: rest[0], last_seq: last, count: rest.length },
      acked: { last_seq: last, count: rest.length },
      catch_ups: 1,
    });
    for (const client of [acking, stuck, back]) client.close();
  });

  it('takes an acknowledgement of what came over an earlier connection', async () => {
    const first = await server.connect(user);
    const text = script({ answer: 'done' });
    const { run_id: runId, thread_id: threadId } = accepted.parse(
      await first.ask({ type: 'user_message', agent: 'scripted', text }),
    );
    const { seq } = await finalEvent(first, runId);
    first.close();
    const second = await server.connect(user, '?follow=none');
    second.send({ type: 'ack', thread_id: threadId, seq: Number(seq) });
    const row = await rowOf(runId, idOf(second), ({ acked }) => acked.last_seq === seq);
    expect(row).toMatchObject({ sent: { last_seq: null, count: 0 }, acked: { count: 1 } });
    second.close();
  });

  it('is read in pages, by platform admins only', async () => {
    const clients = [await server.connect(user), await server.connect(user)];
    const [client] = clients;
    if (client === undefined) throw new Error('no client');
    const { run_id: runId } = accepted.parse(
      await client.ask({ type: 'user_message', agent: 'scripted', text: script({ answer: 'done' }) }),
    );
    await finalEvent(client, runId);
    await until(async () => (await deliveryOf(server, admin, runId)).data.length === 2, { message: 'two rows' });
    const page = await deliveryOf(server, admin, `${runId}?limit=1`);
    expect(page.data).toHaveLength(1);
    expect(page.persisted.count).toBe(seqsOf(client, runId).length);
    const rest = await deliveryOf(server, admin, `${runId}?limit=1&cursor=${page.next_cursor ?? ''}`);
    expect([...page.data, ...rest.data].map((row) => row.connection_id).sort()).toEqual(clients.map(idOf).sort());
    expect(rest.next_cursor).toBeNull();

    const path = `/api/admin/runs/${runId}/delivery`;
    expect((await server.call('GET', path)).status).toBe(401);
    expect((await server.call('GET', path, { token: user.token })).status).toBe(403);
    for (const unknown of ['nonsense', user.id]) {
      const answer = await server.call('GET', `/api/admin/runs/${unknown}/delivery`, { token: admin });
      expect(answer).toMatchObject({ status: 404, json: { error: { code: 'run_not_found' } } });
    }
    expect((await server.call('GET', `${path}?cursor=x`, { token: admin })).status).toBe(400);
    for (const open of clients) open.close();
  });
});
