import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accepted, finalEvent } from '../support/finished-run.js';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

describe('the answer to a frame', () => {
  it('stands before the events that the frame causes', async () => {
    const client = await server.connect(user);
    const { thread_id: threadId, run_id: runId } = accepted.parse(
      await client.ask({ type: 'user_message', text: 'hello' }),
    );
    await finalEvent(client, runId);
    await client.ask({ type: 'rename_thread', thread_id: threadId, title: 'renamed' });
    await client.ask({ type: 'ping' });
    const types = client.frames.map(({ type }) => type);
    expect(types.slice(0, 4)).toEqual(['connection_ready', 'message_accepted', 'message_created', 'agent_started']);
    expect(types.slice(-3)).toEqual(['thread_renamed', 'thread_updated', 'pong']);
    client.close();
  });

  it('stands before the end of a waiting run that it cancels', async () => {
    const client = await server.connect(user);
    const { thread_id: threadId } = accepted.parse(
      await client.ask({ type: 'user_message', text: 'Analyze my AI costs' }),
    );
    const waiting = accepted.parse(await client.ask({ type: 'user_message', text: 'and then?', thread_id: threadId }));
    const answer = await client.ask({ type: 'cancel_run', run_id: waiting.run_id });
    const last = await finalEvent(client, waiting.run_id);
    expect(client.frames.indexOf(answer)).toBeLessThan(client.frames.indexOf(last));
    client.close();
  });
});
