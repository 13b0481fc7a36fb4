import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ThreadHub } from '../../src/events/thread-hub.js';
import { ConnectionManager } from '../../src/gateway/connection-manager.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({ CONNECTIONS_PER_USER: '100' });
});
afterAll(() => server.stop());

it('registers nothing for a socket that closed while its threads were looked up', async () => {
  const user = await server.register();
  const threads: { thread_id: string; after_seq: number }[] = [];
  for (let index = 0; index < 10; index += 1) {
    const { json } = await server.call('POST', '/api/threads', { token: user.token, body: {} });
    threads.push({ thread_id: (json as { id: string }).id, after_seq: 0 });
  }
  for (let round = 0; round < 30; round += 1) {
    const client = await server.connect(user, '?follow=none');
    client.send({ type: 'subscribe', threads });
    client.socket.terminate();
  }
  await until(() => server.get(ConnectionManager).size === 0, { message: 'all connections to be gone' });
  // A subscription still on its way would register within its last query.
  await until(() => server.get(ThreadHub).size === 0, { message: 'no registration in the hub' });
});

it('keeps no thread ids that can be none', async () => {
  const user = await server.register();
  const client = await server.connect(user);
  client.send({ type: 'unsubscribe', threads: ['x'.repeat(5_000), 'never-existed'] });
  expect(await client.next('unsubscribed')).toMatchObject({ threads: ['never-existed'] });
});
