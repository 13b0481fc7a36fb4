import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accepted, eventTexts, finalEvent } from '../support/finished-run.js';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

describe('a run whose client goes away', () => {
  it('goes on, and another device gets everything', async () => {
    const gone = await server.connect(user);
    const { thread_id: threadId, run_id: runId } = accepted.parse(
      await gone.ask({ type: 'user_message', text: 'Analyze my AI costs' }),
    );
    await gone.next('agent_started');
    gone.terminate();

    const other = await server.connect(user, '?follow=none');
    await other.ask({ type: 'subscribe', threads: [{ thread_id: threadId, after_seq: 0 }] });
    expect(await finalEvent(other, runId)).toMatchObject({
      status: 'completed',
      response: expect.stringMatching(/\S/),
    });
    const texts = eventTexts(other, threadId);
    expect(other.events(threadId).map(({ seq }) => seq)).toEqual(texts.map((_text, index) => index + 1));
    expect(texts.slice(0, gone.events(threadId).length)).toEqual(eventTexts(gone, threadId));
    other.close();
  });
});
