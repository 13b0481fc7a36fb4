import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { finishRun } from '../support/finished-run.js';
import { TestServer } from '../support/server.js';

/** Far more than a connection buffers. */
const LONG_CHARACTERS = 300_000;

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.stop());

it('a message that fills the buffer of its connection by itself is answered, and so is what comes after it', async () => {
  const user = await server.register();
  const client = await server.connect(user);
  const { threadId } = await finishRun(client, 'What can you do?');
  await server.database.execute(`UPDATE message SET text = repeat('x', $2) WHERE thread_id = $1`, [
    threadId,
    LONG_CHARACTERS,
  ]);
  for (let question = 0; question < 3; question += 1) {
    const history = await client.ask({ type: 'get_thread_history', thread_id: threadId });
    expect(history).toMatchObject({ type: 'thread_history', data: [{ text: 'x'.repeat(LONG_CHARACTERS) }] });
    expect(await client.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
  }
  client.close();
});
