import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { forgedToken, unsignedToken } from '../support/forged-token.js';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

const publicKeyText = () => createPublicKey(server.privateKey).export({ format: 'pem', type: 'spki' }).toString();
const anHourAgo = Math.floor(Date.now() / 1000) - 3600;

const BAD: [name: string, code: string, token: () => Promise<string> | string][] = [
  ['none of its parts', 'token_invalid', () => 'nonsense'],
  ['nothing in it', 'token_invalid', () => ''],
  [
    'an expiry that is past',
    'token_expired',
    () => forgedToken(user.token, server.privateKey, { claims: { exp: anHourAgo } }),
  ],
  [
    'the signature of another key',
    'token_invalid',
    () => forgedToken(user.token, generateKeyPairSync('ed25519').privateKey),
  ],
  ['alg none', 'token_invalid', () => unsignedToken(user.token)],
  [
    'the public key as a shared secret',
    'token_invalid',
    () => forgedToken(user.token, Buffer.from(publicKeyText()), { header: { alg: 'HS256' } }),
  ],
  [
    'another audience',
    'token_invalid',
    () => forgedToken(user.token, server.privateKey, { claims: { aud: 'others' } }),
  ],
  ['another issuer', 'token_invalid', () => forgedToken(user.token, server.privateKey, { claims: { iss: 'others' } })],
];

describe('a token with', () => {
  it.each(BAD)('%s is refused as %s, then the socket is closed', async (_name, code, token) => {
    const client = await server.socket('', { headers: { authorization: `Bearer ${await token()}` } });
    expect(await client.next('error')).toMatchObject({ type: 'error', code });
    expect(await client.end()).toEqual({ code: 4401, reason: code });
    expect(client.frames).toHaveLength(1);
  });

  it('a session that was ended is refused as token_revoked', async () => {
    const gone = await server.register();
    await server.call('POST', '/api/auth/logout', { token: gone.token });
    const client = await server.socket('', { headers: { authorization: `Bearer ${gone.token}` } });
    expect(await client.next('error')).toMatchObject({ code: 'token_revoked' });
    expect(await client.end()).toMatchObject({ code: 4401 });
  });
});
