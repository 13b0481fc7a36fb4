import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UserNotices } from '../../src/events/user-notices.js';
import { ConnectionManager } from '../../src/gateway/connection-manager.js';
import { TestServer, type TestUser } from '../support/server.js';
import { until } from '../support/until.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

const FRAMES = 400;
const notice = (rows: number) =>
  ({ type: 'import_progress', import_id: 'x', rows, status: 'x'.repeat(64 * 1024) }) as const;

describe('a reader that does not read', () => {
  it('is given up when a megabyte waits for it; another connection of the same user gets everything', async () => {
    const connections = server.get(ConnectionManager);
    const stuck = await server.connect(user);
    const reading = await server.connect(user);
    stuck.socket.pause();
    for (let rows = 1; rows <= FRAMES; rows += 1) {
      server.get(UserNotices).send(user.id, notice(rows));
      await reading.next((frame) => frame.rows === rows);
    }
    await until(() => connections.list().length === 1, {
      timeoutMs: 10_000,
      message: 'the stuck connection to be gone',
    });
    stuck.socket.resume();
    expect([1006, 4408]).toContain((await stuck.end()).code);
    expect(await reading.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    expect(reading.frames.filter(({ type }) => type === 'import_progress')).toHaveLength(FRAMES);
    reading.close();
  });
});
