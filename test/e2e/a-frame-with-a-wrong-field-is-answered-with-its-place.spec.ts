import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { JsonObject } from '../../src/context/json.js';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

const UNKNOWN_RUN = '01890000-0000-7000-8000-000000000000';
const WRONG: [path: string, frame: JsonObject][] = [
  ['text', { type: 'user_message' }],
  ['text', { type: 'user_message', text: '' }],
  ['text', { type: 'user_message', text: 7 }],
  ['text', { type: 'user_message', text: 'x'.repeat(6001) }],
  ['text', { type: 'user_message', text: 'a\0b' }],
  ['message_id', { type: 'user_message', text: 'x', message_id: 'x'.repeat(65) }],
  ['if_busy', { type: 'user_message', text: 'x', if_busy: 'perhaps' }],
  ['priority', { type: 'user_message', text: 'x', priority: 'highest' }],
  ['metadata', { type: 'user_message', text: 'x', metadata: { padding: 'x'.repeat(1024) } }],
  ['metadata', { type: 'user_message', text: 'x', metadata: [] }],
  ['agent', { type: 'user_message', text: 'x', agent: 'nobody' }],
  ['threads', { type: 'subscribe' }],
  ['threads.0.after_seq', { type: 'subscribe', threads: [{ thread_id: 'x', after_seq: -1 }] }],
  ['all', { type: 'unsubscribe', all: false }],
  ['seq', { type: 'ack', thread_id: 'x', seq: 1.5 }],
  ['title', { type: 'rename_thread', thread_id: 'x', title: '' }],
  ['limit', { type: 'list_threads', limit: 0 }],
  ['cursor', { type: 'list_threads', cursor: 'nonsense' }],
  ['approved', { type: 'approve_tool', run_id: 'x', tool_call_id: 'y' }],
  ['token', { type: 'authenticate' }],
];

describe('a frame with a wrong field', () => {
  it('is answered with the place of what is wrong', async () => {
    const client = await server.connect(user);
    for (const [path, frame] of WRONG) {
      expect(await client.ask(frame)).toMatchObject({
        type: 'error',
        code: 'validation_failed',
        details: { issues: expect.arrayContaining([{ path, message: expect.any(String) }]) },
      });
    }
    client.close();
  });

  it('is accepted with fields that nobody knows', async () => {
    const client = await server.connect(user);
    expect(await client.ask({ type: 'ping', nonsense: { deep: [1] } })).toMatchObject({ type: 'pong' });
    client.close();
  });
});

describe('a frame about what does not exist', () => {
  it('is answered alike, whatever is wrong with the id', async () => {
    const stranger = await server.register();
    const other = await server.connect(stranger);
    const created = await other.ask({ type: 'create_thread', title: 'secret' });
    const foreign = z.object({ thread: z.object({ id: z.string() }) }).parse(created).thread.id;
    const client = await server.connect(user);
    const answers = new Set<string>();
    for (const threadId of ['nonsense', '', UNKNOWN_RUN, foreign]) {
      for (const frame of [
        { type: 'user_message', text: 'x', thread_id: threadId },
        { type: 'get_thread_history', thread_id: threadId },
        { type: 'rename_thread', thread_id: threadId, title: 'x' },
        { type: 'delete_thread', thread_id: threadId },
        { type: 'ack', thread_id: threadId, seq: 1 },
      ]) {
        const answer = await client.ask(frame);
        answers.add(JSON.stringify({ ...answer, in_reply_to: undefined }));
      }
      const { threads } = await client.ask({ type: 'subscribe', threads: [{ thread_id: threadId }] });
      expect(threads).toMatchObject([{ thread_id: threadId, error: { code: 'thread_not_found' } }]);
    }
    expect([...answers].map((text): unknown => JSON.parse(text))).toEqual([
      { type: 'error', code: 'thread_not_found', message: expect.any(String), retryable: false },
    ]);
    for (const frame of [
      { type: 'cancel_run', run_id: UNKNOWN_RUN },
      { type: 'approve_tool', run_id: UNKNOWN_RUN, tool_call_id: 'x', approved: true },
    ]) {
      expect(await client.ask(frame)).toMatchObject({ code: 'run_not_found' });
    }
    client.close();
    other.close();
  });
});
