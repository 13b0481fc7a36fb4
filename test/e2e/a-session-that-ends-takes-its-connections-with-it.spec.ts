import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { PASSWORD, TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

describe('a session that ends', () => {
  it('takes its own connections with it within a second, and those of other sessions stay', async () => {
    const login = await server.call('POST', '/api/auth/login', { body: { email: user.email, password: PASSWORD } });
    const other = { ...user, token: z.object({ access_token: z.string() }).parse(login.json).access_token };
    const [ending, staying] = [await server.connect(user), await server.connect(other)];
    await server.call('POST', '/api/auth/logout', { token: user.token });
    const loggedOutMs = performance.now();
    expect(await ending.end(1_000)).toEqual({ code: 4401, reason: 'token_revoked' });
    expect(performance.now() - loggedOutMs).toBeLessThan(1_000);
    expect(ending.frames.at(-1)).toMatchObject({ type: 'error', code: 'token_revoked' });
    expect(await staying.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });

    await server.call('POST', '/api/auth/logout-all', { token: other.token });
    expect(await staying.end(1_000)).toMatchObject({ code: 4401 });
  });
});
