import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConnectionManager } from '../../src/gateway/connection-manager.js';
import { TestServer, type TestUser } from '../support/server.js';
import { until } from '../support/until.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({ MESSAGES_PER_MINUTE: '1000000' });
  user = await server.register();
});
afterAll(() => server.stop());

const TITLES = 100;
const QUESTIONS = 400;
const WAIT_MS = 60_000;
const LIMIT_BYTES = 1024 * 1024;

/** What waits in the sockets of the server at most, looked at after each answer that it gives. */
function watchBuffers(): () => number {
  const connections = server.get(ConnectionManager);
  let most = 0;
  const look = setInterval(() => {
    for (const { buffered_bytes: bytes } of connections.list()) most = Math.max(most, bytes);
  }, 1).unref();
  return () => {
    clearInterval(look);
    return most;
  };
}

describe('a client that asks and does not read', () => {
  it('is not answered more than its buffer may hold, while another one is served', async () => {
    const greedy = await server.connect(user);
    const other = await server.connect(await server.register());
    for (let count = 0; count < TITLES; count += 1) greedy.send({ type: 'create_thread', title: 'x'.repeat(200) });
    await greedy.ask({ type: 'ping' });

    const most = watchBuffers();
    greedy.socket.pause();
    for (let count = 0; count < QUESTIONS; count += 1) greedy.send({ type: 'list_threads', limit: 100 });
    const full = () =>
      server
        .get(ConnectionManager)
        .list()
        .some(({ buffered_bytes: bytes }) => bytes > LIMIT_BYTES / 4);
    await until(full, { timeoutMs: WAIT_MS, message: 'the buffer of the client that does not read to be full' });
    for (let count = 0; count < 50; count += 1)
      expect(await other.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    greedy.socket.resume();
    await until(() => greedy.frames.filter(({ type }) => type === 'threads').length === QUESTIONS, {
      timeoutMs: WAIT_MS,
      message: 'all answers, once they are read',
    });
    expect(most()).toBeLessThan(LIMIT_BYTES);
    greedy.close();
    other.close();
  }, 90_000);
});
