import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { eventTexts, finishRun } from '../support/finished-run.js';
import { TestServer, type TestUser } from '../support/server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const redisUrl = process.env.REDIS_URL;
// A user's machine may have no Redis: listed as skipped there.
const when = redisUrl === undefined ? describe['skip'] : describe;

const position = z.object({ thread_id: z.string(), acked_seq: z.number().nullable(), last_seq: z.number() });
const sessions = z.object({
  data: z.array(z.object({ recovery: z.object({ threads: z.array(position) }).nullable() })),
});

when('where a session stands, with Redis', () => {
  let proxy: TcpProxy;
  let server: TestServer;
  let replica: TestServer;
  beforeAll(async () => {
    const url = new URL(redisUrl ?? 'redis://none');
    proxy = new TcpProxy({ host: url.hostname, port: Number(url.port === '' ? 6379 : url.port) });
    url.hostname = '127.0.0.1';
    url.port = String(await proxy.open());
    server = await TestServer.start({ REDIS_URL: url.href });
    replica = await server.sibling({ REDIS_URL: url.href });
  });
  afterAll(async () => {
    await replica.stop();
    await server.stop();
    await proxy.close();
  });

  /** What the other server says of the thread. */
  const standing = async ({ token }: TestUser, threadId: string) => {
    const answer = await replica.call('GET', '/api/auth/sessions', { token });
    const threads = sessions.parse(answer.json).data.flatMap(({ recovery }) => recovery?.threads ?? []);
    return threads.find((each) => each.thread_id === threadId);
  };

  const stored = (threadId: string) =>
    server.database.row<{ acked_seq: number }>('SELECT acked_seq FROM session_position WHERE thread_id = $1', [
      threadId,
    ]);

  const told = (seq: number): string => `${seq}@${Date.now()}`;

  const ackedAt = async (user: TestUser, threadId: string, seq: number): Promise<boolean> =>
    (await standing(user, threadId))?.acked_seq === seq;

  it('another server knows an acknowledgement before it is stored, and what is stored when Redis is away', async () => {
    const user = await server.register();
    const client = await server.connect(user);
    const { threadId, texts } = await finishRun(client, 'What can you do?');
    client.send({ type: 'ack', thread_id: threadId, seq: 1 });
    await until(() => stored(threadId), { message: 'the first one, stored' });

    await replica.database.transaction(async (sql) => {
      // The session's progress can't be written meanwhile.
      await sql.rows('SELECT 1 FROM session WHERE user_id = $1 FOR UPDATE', [user.id]);
      client.send({ type: 'ack', thread_id: threadId, seq: 3 });
      await until(() => ackedAt(user, threadId, 3), {
        timeoutMs: 2_000,
        message: 'the second one, at the other server',
      });
      expect(await stored(threadId)).toEqual({ acked_seq: 1 });
      await proxy.close();
      expect(await standing(user, threadId)).toEqual({ thread_id: threadId, acked_seq: 1, last_seq: texts.length });
    });

    await until(async () => (await stored(threadId))?.acked_seq === 3, { message: 'the second one, stored' });
    expect(await standing(user, threadId)).toMatchObject({ acked_seq: 3 });
    await proxy.open();
    expect(eventTexts(client, threadId)).toEqual(texts);
    client.close();
  });

  it('takes nothing from Redis that the log does not have, nor of a thread of somebody else', async () => {
    const [user, stranger] = [await server.register(), await server.register()];
    const client = await server.connect(user);
    const { threadId, texts } = await finishRun(client, 'What can you do?');
    const foreign = await finishRun(await server.connect(stranger), 'What can you do?');
    client.send({ type: 'ack', thread_id: threadId, seq: 1 });
    await until(() => ackedAt(user, threadId, 1), { message: 'its acknowledgement' });
    const redis = new Redis(redisUrl ?? '');
    const session = await server.database.row<{ id: string }>('SELECT id FROM session WHERE user_id = $1', [user.id]);
    const keys = await until(
      async () => {
        // What is told before the server has found its way back to Redis stands in the row alone.
        client.send({ type: 'ack', thread_id: threadId, seq: 1 });
        const found = await redis.keys(`goldenpath:session:*:${session?.id}`);
        return found.length === 1 && found;
      },
      { message: 'its acknowledgement, in Redis' },
    );
    // The last of them may still be on its way.
    await client.ask({ type: 'ping' });
    const lie = { [threadId]: told(1_000_000), [foreign.threadId]: told(1), 'no id': told(1) };
    const believed = async (): Promise<boolean> => {
      await redis.hset(keys[0] ?? '', lie);
      return ackedAt(user, threadId, texts.length);
    };
    await until(believed, { message: 'all that the log has, and no more' });
    expect(await redis.ttl(keys[0] ?? '')).toBeGreaterThan(23 * 60 * 60);
    expect(await standing(user, foreign.threadId)).toBeUndefined();
    await redis.del(keys);
    expect(await standing(user, threadId)).toMatchObject({ acked_seq: 1 });
    redis.disconnect();
    client.close();
  });

  it('a thread that is not followed any more is gone there too', async () => {
    const user = await server.register();
    const { threadId } = await finishRun(await server.connect(user), 'What can you do?');
    const client = await server.connect(user, '?follow=none');
    await client.ask({ type: 'subscribe', threads: [{ thread_id: threadId }] });
    await until(() => standing(user, threadId), { message: 'the followed thread' });
    await client.ask({ type: 'unsubscribe', threads: [threadId] });
    await until(async () => (await standing(user, threadId)) === undefined, { message: 'the end of it' });
    client.close();
  });

  it('and stays gone when Redis was away just then', async () => {
    const user = await server.register();
    const asking = await server.connect(user);
    const [left, kept] = [await finishRun(asking, 'What can you do?'), await finishRun(asking, 'What can you do?')];
    const client = await server.connect(user, '?follow=none');
    const threads = [{ thread_id: left.threadId }, { thread_id: kept.threadId }];
    await client.ask({ type: 'subscribe', threads });
    await until(async () => (await stored(left.threadId)) && (await stored(kept.threadId)), { message: 'the rows' });

    await proxy.close();
    await client.ask({ type: 'unsubscribe', threads: [left.threadId] });
    await until(async () => (await stored(left.threadId)) === undefined, { message: 'the end of its row' });
    await proxy.open();

    const redis = new Redis(redisUrl ?? '');
    const session = await server.database.row<{ id: string }>('SELECT id FROM session WHERE user_id = $1', [user.id]);
    const [key = ''] = await redis.keys(`goldenpath:session:*:${session?.id}`);
    expect(await redis.hexists(key, left.threadId)).toBe(1);
    await redis.hset(key, { [kept.threadId]: told(2) });
    await until(() => ackedAt(user, kept.threadId, 2), { message: 'that it reads from Redis again' });
    expect(await standing(user, left.threadId)).toBeUndefined();
    redis.disconnect();
    client.close();
  });
});
