import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventTexts, finishRun } from '../support/finished-run.js';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

describe('a finished run', () => {
  it('is resumed at every position: exactly what is missing, byte for byte', async () => {
    const { threadId, texts } = await finishRun(await server.connect(user));
    expect(texts.length).toBeGreaterThan(10);
    const { log_id: logId } = await (await server.socket('', bearer())).next('connection_ready');
    for (let afterSeq = 0; afterSeq <= texts.length; afterSeq += 1) {
      const client = await server.connect(user, '?follow=none');
      const position = { thread_id: threadId, after_seq: afterSeq, log_id: logId };
      const subscribed = await client.ask({ type: 'subscribe', threads: [position] });
      expect(subscribed).toMatchObject({ log_id: logId, threads: [{ thread_id: threadId, last_seq: texts.length }] });
      if (afterSeq < texts.length) await client.next(({ seq }) => seq === texts.length);
      await client.ask({ type: 'ping' });
      expect(eventTexts(client, threadId)).toEqual(texts.slice(afterSeq));
      client.close();
      await client.end();
    }
  });

  it('can be read from no position ahead of it and of no other log', async () => {
    const { threadId, texts } = await finishRun(await server.connect(user));
    const client = await server.connect(user, '?follow=none');
    const refusal = async (position: object) => {
      const { threads } = await client.ask({ type: 'subscribe', threads: [{ thread_id: threadId, ...position }] });
      return threads;
    };
    expect(await refusal({ after_seq: texts.length + 1 })).toMatchObject([
      { thread_id: threadId, error: { code: 'cursor_ahead', details: { last_seq: texts.length } } },
    ]);
    expect(await refusal({ after_seq: 1, log_id: 'another' })).toMatchObject([
      { error: { code: 'log_changed', details: { last_seq: texts.length, log_id: expect.any(String) } } },
    ]);
    expect(await client.ask({ type: 'ack', thread_id: threadId, seq: texts.length + 1 })).toMatchObject({
      code: 'cursor_ahead',
    });
    client.close();
  });
});

const bearer = () => ({ headers: { authorization: `Bearer ${user.token}` } });
