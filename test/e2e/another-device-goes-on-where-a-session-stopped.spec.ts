import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { eventTexts, finishRun } from '../support/finished-run.js';
import { PASSWORD, TestServer, type TestUser } from '../support/server.js';
import { until } from '../support/until.js';

const ACKED = 5;

const sessions = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      recovery: z
        .object({
          disconnected_at: z.string().nullable(),
          recoverable_until: z.string(),
          follows_all: z.boolean(),
          threads: z.array(z.object({ thread_id: z.string(), acked_seq: z.number().nullable(), last_seq: z.number() })),
        })
        .nullable(),
    }),
  ),
});

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

const signInAgain = async (): Promise<TestUser> => {
  const answer = await server.call('POST', '/api/auth/login', { body: { email: user.email, password: PASSWORD } });
  return { ...user, token: z.object({ access_token: z.string() }).parse(answer.json).access_token };
};

const recoveries = async ({ token }: TestUser) => {
  const { data } = sessions.parse((await server.call('GET', '/api/auth/sessions', { token })).json);
  return data.flatMap(({ id, recovery }) => (recovery === null ? [] : [{ id, ...recovery }]));
};

const disconnected = (device: TestUser) =>
  until(async () => (await recoveries(device)).find((each) => each.disconnected_at !== null), {
    message: 'a session that is marked for recovery',
  });

describe('a session whose connection goes away', () => {
  it('is marked for recovery for 24 hours, and another device gets exactly what was not acknowledged', async () => {
    const gone = await server.connect(user);
    const { threadId, texts } = await finishRun(gone);
    gone.send({ type: 'ack', thread_id: threadId, seq: ACKED });
    gone.send({ type: 'ack', thread_id: threadId, seq: ACKED - 2 });
    await gone.ask({ type: 'ping' });
    gone.terminate();

    const device = await signInAgain();
    const left = await disconnected(device);
    expect(left).toMatchObject({
      follows_all: true,
      threads: [{ thread_id: threadId, acked_seq: ACKED, last_seq: texts.length }],
    });
    const hours = (Date.parse(left.recoverable_until) - Date.parse(left.disconnected_at ?? '')) / 3_600_000;
    expect(hours).toBeCloseTo(24);
    const row = await server.database.row(
      `SELECT follows_all, disconnected_at IS NOT NULL AS marked FROM session WHERE id = $1`,
      [left.id],
    );
    expect(row).toEqual({ follows_all: true, marked: true });

    const client = await server.connect(device, '?follow=none');
    await client.ask({ type: 'subscribe', threads: [{ thread_id: threadId, after_seq: ACKED }] });
    await client.next((frame) => frame.seq === texts.length);
    expect(eventTexts(client, threadId)).toEqual(texts.slice(ACKED));
    client.close();
  });

  it('is not marked while another of its connections is open, and no more once it is back', async () => {
    const device = await signInAgain();
    const [stays, goes] = [await server.connect(device), await server.connect(device)];
    const isOpen = async (): Promise<boolean> =>
      (await recoveries(device)).some((each) => each.disconnected_at === null && each.threads.length === 1);
    const { threadId } = await finishRun(stays, 'What can you do?');
    stays.send({ type: 'ack', thread_id: threadId, seq: 1 });
    goes.terminate();
    await until(isOpen, { message: 'the progress of the connection that stays' });
    await server.connect(device).then((back) => back.terminate());
    stays.close();
    await until(async () => !(await isOpen()), { message: 'the mark of the last one' });
  });

  it('is not marked while a connection to another server is open, and is where the server of that was killed', async () => {
    const replica = await server.sibling();
    const device = await signInAgain();
    const stays = await replica.connect(device);
    const goes = await server.connect(device);
    const { threadId } = await finishRun(goes, 'What can you do?');
    goes.send({ type: 'ack', thread_id: threadId, seq: 1 });
    const mine = async () =>
      (await recoveries(device)).find(({ threads }) => threads.some((each) => each.thread_id === threadId));
    const { id } = await until(mine, { message: 'its progress' });
    goes.terminate();
    await until(
      () => server.database.row('SELECT 1 FROM session WHERE id = $1 AND disconnected_at IS NOT NULL', [id]),
      { message: 'the news of the connection that ended' },
    );
    expect(await mine()).toMatchObject({ disconnected_at: null });
    stays.close();
    await until(async () => (await mine())?.disconnected_at !== null, { message: 'the mark of the last one' });
    await replica.stop();
    // What a killed process leaves: it could not say that its connections are over.
    await server.database.execute(
      `UPDATE session SET disconnected_at = NULL, connected_to = ARRAY[gen_random_uuid()] WHERE id = $1`,
      [id],
    );
    expect(await mine()).not.toMatchObject({ disconnected_at: null });
  });

  it('keeps a followed thread without an acknowledgement, until it is unfollowed', async () => {
    const device = await signInAgain();
    const client = await server.connect(device, '?follow=none');
    const { threadId } = await finishRun(await server.connect(user), 'What can you do?');
    const followed = async () => {
      const all = await recoveries(device);
      return all.find(({ follows_all: all, threads }) => !all && threads.some((each) => each.thread_id === threadId));
    };
    await client.ask({ type: 'subscribe', threads: [{ thread_id: threadId }] });
    const { threads } = await until(followed, { message: 'the followed thread' });
    expect(threads).toMatchObject([{ thread_id: threadId, acked_seq: null }]);
    await client.ask({ type: 'unsubscribe', threads: [threadId, 'what is no id'] });
    await until(async () => (await followed()) === undefined, { message: 'the end of it' });
    client.close();
  });

  it('shows nothing of it to another user, and takes no acknowledgement of a foreign thread', async () => {
    const stranger = await server.register();
    const [mine] = await recoveries(user);
    const client = await server.connect(stranger);
    const threadId = mine?.threads[0]?.thread_id ?? '';
    const answer = await client.ask({ type: 'ack', thread_id: threadId, seq: 1 });
    expect(answer).toMatchObject({ type: 'error', code: 'thread_not_found' });
    client.terminate();
    expect(await disconnected(stranger)).toMatchObject({ threads: [] });
  });

  it('is forgotten after its time', async () => {
    const device = await signInAgain();
    await server.database.execute(`UPDATE session SET recoverable_until = now() - interval '1 second'`);
    expect(await recoveries(device)).toEqual([]);
  });
});

describe('a server that stops', () => {
  it('stores where each session stood', async () => {
    const replica = await server.sibling();
    const device = await signInAgain();
    const client = await replica.connect(device);
    const { threadId } = await finishRun(client, 'What can you do?');
    client.send({ type: 'ack', thread_id: threadId, seq: 2 });
    await client.ask({ type: 'ping' });
    await replica.stop();
    const [left] = await recoveries(device);
    expect(left).toMatchObject({ threads: [{ thread_id: threadId, acked_seq: 2 }] });
    expect(left?.disconnected_at).not.toBeNull();
  });
});
