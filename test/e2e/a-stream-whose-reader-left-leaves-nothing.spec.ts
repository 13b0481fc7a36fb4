import { type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { SessionRegistry } from '../../src/auth/session-registry.js';
import { EventStreams } from '../../src/threads/event-streams.js';
import { EventSourceClient } from '../support/event-source.js';
import { TestServer, type TestUser } from '../support/server.js';
import { until } from '../support/until.js';

let server: TestServer;
let user: TestUser;
let path: string;

beforeAll(async () => {
  server = await TestServer.start({ CONNECTIONS_PER_USER: '2' });
  user = await server.register();
  const { json } = await server.call('POST', '/api/threads', { token: user.token, body: {} });
  path = `/api/threads/${(json as { id: string }).id}/events`;
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => server.stop());

const headers = () => ({ accept: 'text/event-stream', authorization: `Bearer ${user.token}` });

/** Resolves when the server has seen the client of the next request go. */
function nextRequestGone(): Promise<void> {
  const http: Server = server.application.nest.getHttpServer();
  return new Promise((resolve) => {
    http.once('request', (_request: IncomingMessage, response: ServerResponse) => response.once('close', resolve));
  });
}

async function expectRoomForStreams(): Promise<void> {
  await until(() => server.get(EventStreams).size === 0, { timeoutMs: 3_000, message: 'no stream to be left' });
  const client = await EventSourceClient.open(`${server.url}${path}`, headers());
  expect(client.response.status).toBe(200);
  client.close();
  await until(() => server.get(EventStreams).size === 0, { message: 'the stream to be gone' });
}

it('a request that is given up while its token is checked becomes no stream', async () => {
  const registry = server.get(SessionRegistry);
  const requireLive = registry.requireLive.bind(registry);
  const checks: Promise<unknown>[] = [];
  for (let count = 0; count < 2; count += 1) {
    const gone = nextRequestGone();
    const client = request(`${server.url}${path}`, { headers: headers(), agent: false });
    client.on('error', () => undefined);
    jest.spyOn(registry, 'requireLive').mockImplementationOnce((sessionId) => {
      client.destroy();
      const check = gone.then(() => requireLive(sessionId));
      checks.push(check);
      return check;
    });
    client.end();
    await gone;
  }
  await Promise.all(checks);
  await expectRoomForStreams();
});

it('a stream that waits behind another one on its connection goes with it', async () => {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  const fields = Object.entries({ host: hostname, ...headers() }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.1\r\n${fields.join('')}\r\n`.repeat(2));
  await until(() => server.get(EventStreams).size === 2, { message: 'both streams to be open' });
  socket.destroy();
  await expectRoomForStreams();
});
