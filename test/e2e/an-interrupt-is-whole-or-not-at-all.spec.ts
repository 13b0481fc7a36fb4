import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TestServer, type TestUser } from '../support/server.js';
import type { SocketClient } from '../support/socket.js';
import { until } from '../support/until.js';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({
    QUEUED_RUNS_PER_USER: '2',
    CONCURRENT_RUNS_PER_USER: '1',
    MESSAGES_PER_MINUTE: '1000',
  });
});
afterAll(() => server.stop());

async function newThread(client: SocketClient): Promise<string> {
  client.send({ type: 'create_thread' });
  const { thread } = (await client.next('thread_created')) as unknown as { thread: { id: string } };
  return thread.id;
}

const stateOf = async (user: TestUser, runId: unknown): Promise<unknown> =>
  (
    (await server.call('GET', `/api/runs/${typeof runId === 'string' ? runId : ''}`, { token: user.token })).json as {
      status: unknown;
    }
  ).status;

it('gives every copy of an interrupting message the same run, and cancels none of them', async () => {
  const user = await server.register();
  const first = await server.connect(user);
  const threadId = await newThread(first);
  for (let round = 0; round < 6; round += 1) {
    const clients = await Promise.all(Array.from({ length: 4 }, () => server.connect(user)));
    const frame = {
      type: 'user_message',
      text: 'Analyze my AI costs',
      thread_id: threadId,
      message_id: `m${round}`,
      if_busy: 'interrupt',
    };
    for (const client of clients) client.send(frame);
    const accepted = await Promise.all(clients.map((client) => client.next('message_accepted')));
    const runIds = new Set(accepted.map((answer) => answer.run_id));
    expect(runIds.size).toBe(1);
    const runId = accepted[0]?.run_id;
    await until(async () => (await stateOf(user, runId)) === 'completed', { message: `run ${round} to complete` });
    for (const client of clients) client.socket.close();
  }
});

it('interrupts also when the line is full, because it takes the place of what it cancels', async () => {
  const user = await server.register();
  const client = await server.connect(user);
  const threadId = await newThread(client);
  const answers: unknown[] = [];
  for (let index = 0; index < 3; index += 1) {
    client.send({ type: 'user_message', id: `q${index}`, text: `Analyze my AI costs ${index}`, thread_id: threadId });
    answers.push(await client.next((frame) => frame.in_reply_to === `q${index}`));
  }
  client.send({ type: 'user_message', id: 'i', text: 'Never mind: hello', thread_id: threadId, if_busy: 'interrupt' });
  const accepted = await client.next((frame) => frame.in_reply_to === 'i');
  expect(accepted).toMatchObject({ type: 'message_accepted', duplicate: false });
  await until(async () => (await stateOf(user, accepted.run_id)) === 'completed', {
    message: 'the new run to complete',
  });
});
