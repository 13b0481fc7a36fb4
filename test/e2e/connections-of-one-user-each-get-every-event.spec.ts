import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { accepted, eventTexts, finalEvent, finishRun } from '../support/finished-run.js';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

const RUN_MS = 30_000;
const created = z.object({ thread: z.object({ id: z.string() }) });

describe('two connections of one user', () => {
  it('each get every event once, and one of another user gets none', async () => {
    const stranger = await server.connect(await server.register());
    const [first, second] = [await server.connect(user), await server.connect(user)];
    const { threadId, runId, texts } = await finishRun(first);
    await finalEvent(second, runId);
    expect(eventTexts(second, threadId)).toEqual(texts);
    expect(first.events(threadId).map(({ seq }) => seq)).toEqual(texts.map((_text, index) => index + 1));
    await stranger.ask({ type: 'ping' });
    expect(stranger.events()).toEqual([]);
    for (const client of [first, second, stranger]) client.close();
  });
});

describe('what a connection follows', () => {
  it('is nothing with follow=none, and one thread with thread=', async () => {
    const all = await server.connect(user);
    const none = await server.connect(user, '?follow=none');
    const { id } = created.parse(await all.ask({ type: 'create_thread' })).thread;
    const bound = await server.connect(user, `?thread=${id}`);
    const elsewhere = await finishRun(all);
    const { thread_id: threadId, run_id: runId } = accepted.parse(
      await bound.ask({ type: 'user_message', text: 'Analyze my AI costs' }),
    );
    expect(threadId).toBe(id);
    await finalEvent(bound, runId);
    expect(new Set(bound.events().map((event) => event.thread_id))).toEqual(new Set([id]));
    expect(elsewhere.threadId).not.toBe(id);
    await none.ask({ type: 'ping' });
    expect(none.events()).toEqual([]);
    for (const client of [all, none, bound]) client.close();
  });

  it('ends with unsubscribe', async () => {
    const client = await server.connect(user);
    const { threadId, texts } = await finishRun(client);
    expect(await client.ask({ type: 'unsubscribe', threads: [threadId] })).toMatchObject({
      type: 'unsubscribed',
      threads: [threadId],
    });
    const { run_id: runId } = accepted.parse(
      await client.ask({ type: 'user_message', text: 'again', thread_id: threadId }),
    );
    const other = await server.connect(user, '?follow=none');
    await other.ask({ type: 'subscribe', threads: [{ thread_id: threadId, after_seq: 0 }] });
    await other.next((frame) => frame.final === true && frame.run_id === runId, RUN_MS);
    await client.ask({ type: 'ping' });
    expect(eventTexts(client, threadId)).toEqual(texts);
    for (const open of [client, other]) open.close();
  });

  it('is told when the bound thread does not exist, and the connection stays up', async () => {
    const client = await server.connect(user, '?thread=nonsense');
    expect(await client.next('error')).toMatchObject({ code: 'thread_not_found' });
    expect(await client.ask({ type: 'user_message', text: 'x' })).toMatchObject({ code: 'thread_not_found' });
    client.close();
  });
});
