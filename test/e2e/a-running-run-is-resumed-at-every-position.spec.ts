import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { accepted, eventTexts, finalEvent, finishRun } from '../support/finished-run.js';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({ CONNECTIONS_PER_USER: '1000', MESSAGES_PER_MINUTE: '1000' });
  user = await server.register();
});
afterAll(() => server.stop());

describe('a running run', () => {
  it('is resumed at every position while it goes on: no gap and no repeat at the seam', async () => {
    const watcher = await server.connect(user);
    const { length } = (await finishRun(watcher)).texts;
    let joinedInMidRun = 0;
    for (let afterSeq = 0; afterSeq <= length; afterSeq += 1) {
      const resumed = await server.connect(user, '?follow=none');
      const asked = await watcher.ask({ type: 'user_message', text: 'Analyze my AI costs' });
      const { thread_id: threadId, run_id: runId } = accepted.parse(asked);
      if (afterSeq > 0) await watcher.next(({ seq, thread_id: id }) => id === threadId && Number(seq) >= afterSeq);
      const { threads } = await resumed.ask({
        type: 'subscribe',
        threads: [{ thread_id: threadId, after_seq: afterSeq }],
        // Every other one follows all threads as well, with the same frame.
        ...(afterSeq % 2 === 1 ? { all: true } : {}),
      });
      if (!watcher.frames.some((frame) => frame.final === true && frame.run_id === runId))
        await finalEvent(watcher, runId);
      const whole = eventTexts(watcher, threadId);
      if (afterSeq < whole.length) await resumed.next(({ seq }) => seq === whole.length);
      await resumed.ask({ type: 'ping' });
      expect(eventTexts(resumed, threadId)).toEqual(whole.slice(afterSeq));
      const [joined] = z.array(z.object({ last_seq: z.number() })).parse(threads);
      if (joined !== undefined && joined.last_seq < whole.length) joinedInMidRun += 1;
      resumed.close();
    }
    // Or the test has shown nothing.
    expect(joinedInMidRun).toBeGreaterThan(0);
  }, 120_000);
});
