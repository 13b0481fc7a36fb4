import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

const thread = z.object({ id: z.string(), title: z.string().nullable(), last_seq: z.number(), updated_at: z.string() });
const withThread = z.object({ thread });
const page = z.object({ data: z.array(thread), next_cursor: z.string().nullable() });

describe('threads over a socket', () => {
  it('are created, listed page by page without gap or repeat, renamed and deleted', async () => {
    const client = await server.connect(user);
    const ids: string[] = [];
    for (const title of ['a', 'b', 'c', 'd', 'e']) {
      ids.push(withThread.parse(await client.ask({ type: 'create_thread', title })).thread.id);
    }
    const unnamed = withThread.parse(await client.ask({ type: 'create_thread' })).thread;
    expect(unnamed).toMatchObject({ title: null, last_seq: 0 });
    ids.push(unnamed.id);

    const listed: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const got = page.parse(
        await client.ask({ type: 'list_threads', limit: 2, ...(cursor === undefined ? {} : { cursor }) }),
      );
      listed.push(...got.data.map(({ id }) => id));
      cursor = got.next_cursor;
    }
    expect(listed).toEqual(ids.toReversed());

    const renamed = withThread.parse(
      await client.ask({ type: 'rename_thread', thread_id: unnamed.id, title: 'now named' }),
    ).thread;
    expect(renamed).toMatchObject({ title: 'now named', last_seq: 1 });
    expect(await client.next('thread_updated')).toMatchObject({ seq: 1, thread_id: unnamed.id, thread: renamed });

    expect(await client.ask({ type: 'delete_thread', thread_id: unnamed.id })).toMatchObject({
      type: 'thread_deleted',
      thread_id: unnamed.id,
    });
    expect(await client.ask({ type: 'delete_thread', thread_id: unnamed.id })).toMatchObject({
      code: 'thread_not_found',
    });
    expect(page.parse(await client.ask({ type: 'list_threads' })).data.map(({ id }) => id)).toEqual(
      ids.slice(0, -1).toReversed(),
    );
    client.close();
  });

  it('have a history of messages, oldest first', async () => {
    const client = await server.connect(user);
    const accepted = await client.ask({ type: 'user_message', text: 'Analyze my AI costs' });
    const { thread_id: threadId } = z.object({ thread_id: z.string() }).parse(accepted);
    await client.next((frame) => frame.type === 'agent_completed' && frame.final === true, 30_000);
    const first = await client.ask({ type: 'get_thread_history', thread_id: threadId, limit: 1 });
    expect(first).toMatchObject({
      type: 'thread_history',
      thread_id: threadId,
      data: [
        {
          role: 'user',
          text: 'Analyze my AI costs',
          thread_id: threadId,
          run_id: accepted.run_id,
          status: 'completed',
        },
      ],
      next_cursor: expect.any(String),
    });
    const cursor = z.string().parse(first.next_cursor);
    const second = await client.ask({ type: 'get_thread_history', thread_id: threadId, limit: 1, cursor });
    expect(second).toMatchObject({
      data: [{ role: 'assistant', run_id: accepted.run_id, status: 'completed' }],
      next_cursor: null,
    });
    client.close();
  });
});
