import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConnectionManager } from '../../src/gateway/connection-manager.js';
import { ThreadHub } from '../../src/events/thread-hub.js';
import { TestServer, type TestUser } from '../support/server.js';
import type { SocketClient } from '../support/socket.js';
import { until } from '../support/until.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({ WS_AUTH_TIMEOUT_MS: '3000' });
  user = await server.register();
});
afterAll(() => server.stop());

const CONNECTIONS = 1_000;
const AT_ONCE = 50;
const LIMIT = 10;
const WAIT_MS = 60_000;

async function openMany(open: () => Promise<SocketClient>): Promise<SocketClient[]> {
  const clients: SocketClient[] = [];
  while (clients.length < CONNECTIONS) clients.push(...(await Promise.all(Array.from({ length: AT_ONCE }, open))));
  return clients;
}

const closeCodes = (clients: readonly SocketClient[]): Set<number | undefined> =>
  new Set(clients.map(({ closed }) => closed?.code));

describe('a client that opens a thousand connections', () => {
  it(
    'keeps as many as a user may have; the others are told why, and another user notices nothing',
    async () => {
      const other = await server.connect(await server.register());
      const headers = { authorization: `Bearer ${user.token}` };
      const clients = await openMany(() => server.socket('', { headers }));
      await until(() => clients.filter(({ closed }) => closed === undefined).length === LIMIT, {
        timeoutMs: WAIT_MS,
        message: 'all but ten to be closed',
      });
      const refused = clients.filter(({ closed }) => closed !== undefined);
      expect(closeCodes(refused)).toEqual(new Set([4409]));
      expect(new Set(refused.map(({ frames }) => frames[0]?.code))).toEqual(new Set(['too_many_connections']));
      expect(await other.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
      for (const client of clients) client.close();
      await until(() => server.get(ConnectionManager).size === 1, {
        timeoutMs: WAIT_MS,
        message: 'all of them to be gone',
      });
      expect(server.get(ThreadHub).size).toBe(1);
      other.close();
    },
    2 * WAIT_MS,
  );

  it(
    'and says nothing on them loses them all when their time to authenticate is over',
    async () => {
      const other = await server.connect(await server.register());
      const clients = await openMany(() => server.socket());
      expect(await other.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
      await until(() => clients.every(({ closed }) => closed !== undefined), {
        timeoutMs: WAIT_MS,
        message: 'all closes',
      });
      expect(closeCodes(clients)).toEqual(new Set([4401]));
      expect(server.get(ConnectionManager).pending).toBe(0);
      other.close();
    },
    2 * WAIT_MS,
  );
});
