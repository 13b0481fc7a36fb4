import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { PASSWORD, TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({ ACCESS_TOKEN_TTL_S: '6' });
  user = await server.register();
});
afterAll(() => server.stop());

async function newToken(): Promise<string> {
  const answer = await server.call('POST', '/api/auth/login', { body: { email: user.email, password: PASSWORD } });
  return z.object({ access_token: z.string() }).parse(answer.json).access_token;
}
const expiry = (frame: { expires_at?: unknown }): number => Date.parse(z.string().parse(frame.expires_at));

describe('a token that expires on a live connection', () => {
  it('is announced at half of its short life and can be renewed in place', async () => {
    const client = await server.connect({ ...user, token: await newToken() });
    const expiring = await client.next('auth_expiring');
    expect(expiry(expiring)).toBeGreaterThan(Date.now());
    const renewed = await client.ask({ type: 'authenticate', token: await newToken() });
    expect(renewed).toMatchObject({ type: 'authenticated' });
    expect(expiry(renewed)).toBeGreaterThan(expiry(expiring));
    expect(expiry(await client.next('auth_expiring'))).toBe(expiry(renewed));
    client.close();
  });

  it('ends the connection when it is not renewed, and with the token of another user it is not', async () => {
    const stranger = await server.register();
    const client = await server.connect({ ...user, token: await newToken() });
    expect(await client.ask({ type: 'authenticate', token: stranger.token })).toMatchObject({ code: 'user_mismatch' });
    expect(await client.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    expect(await client.next(({ code }) => code === 'token_expired')).toMatchObject({ type: 'error' });
    expect(await client.end()).toEqual({ code: 4401, reason: 'token_expired' });
  });

  it('ends it at once when what is to renew it is no token', async () => {
    const client = await server.connect({ ...user, token: await newToken() });
    expect(await client.ask({ type: 'authenticate', token: 'nonsense' })).toMatchObject({ code: 'token_invalid' });
    expect(await client.end()).toEqual({ code: 4401, reason: 'token_invalid' });
  });
});
