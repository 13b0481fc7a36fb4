import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

const MESSAGES = [
  { type: 'chat', text: 'hello' },
  { type: 'chat_message', message: 'hello' },
  { type: 'user', content: 'hello' },
  { type: 'user_input', user_request: 'hello' },
  { type: 'message', payload: { text: 'hello' } },
  { type: 'ai_request', data: { message: 'hello' } },
  { type: 'start_agent', user_request: 'hello', agent_name: 'supervisor' },
  { type: 'agent_request', text: 'hello', agent: 'supervisor' },
  { type: 'execute_agent', payload: { content: 'hello', agent_type: 'supervisor' } },
  { type: 'agent', text: 'hello' },
];

describe('an older name of a frame', () => {
  it('is understood as a message', async () => {
    const client = await server.connect(user);
    for (const frame of MESSAGES) {
      const accepted = await client.ask(frame);
      expect(accepted).toMatchObject({ type: 'message_accepted', duplicate: false });
      expect(await client.next('message_created')).toMatchObject({ message: { text: 'hello', role: 'user' } });
    }
    client.close();
  });

  it('is understood as a cancellation', async () => {
    const client = await server.connect(user);
    expect(await client.ask({ type: 'stop_agent', run_id: 'nobody' })).toMatchObject({
      type: 'error',
      code: 'run_not_found',
    });
    client.close();
  });
});

describe('an older client that wraps its fields', () => {
  it('goes on in the thread that it names there, and its null is no field', async () => {
    const client = await server.connect(user);
    const first = await client.ask({ type: 'chat', payload: { text: 'one', thread_id: null } });
    const data = { content: 'two', thread_id: first.thread_id, message_id: 'wrapped' };
    const second = await client.ask({ type: 'message', data, thread_id: null, user_id: null });
    expect(second).toMatchObject({ type: 'message_accepted', thread_id: first.thread_id, message_id: 'wrapped' });
    expect(await client.ask({ type: 'stop_agent', payload: { run_id: second.run_id } })).toMatchObject({
      type: 'run_cancelling',
      run_id: second.run_id,
    });
    client.close();
  });
});
