import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  decodeJwt,
  exportJWK,
  jwtVerify,
  SignJWT,
  type JSONWebKeySet,
} from 'jose';
import { z } from 'zod';
import { TokenVerifier } from '../../src/auth/token-verifier.js';
import { AuthApp, newPrivateKey, pemOf, refusalOf, type Tokens } from './auth-app.js';

let app: AuthApp;
let tokens: Tokens;
beforeAll(async () => {
  app = await AuthApp.start();
  tokens = await app.register('token@example.com');
});
afterAll(() => app.close());

const p256Key = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const me = (token: string) => app.call('GET', '/api/auth/me', { token });
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Forgery {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  readonly key?: KeyObject;
}

/** A token with the right key and claims, but for what is said. */
async function forge({ header, claims, key = app.privateKey }: Forgery): Promise<string> {
  const kid = await calculateJwkThumbprint(await exportJWK(createPublicKey(app.privateKey)));
  return new SignJWT({ ...decodeJwt(tokens.access_token), ...claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid, ...header })
    .sign(key);
}

describe('an access token', () => {
  it('says who, where and until when, and nothing secret', () => {
    expect(decodeJwt(tokens.access_token)).toEqual({
      iss: 'goldenpath',
      aud: 'goldenpath-api',
      sub: tokens.user.id,
      tid: tokens.user.tenant_id,
      sid: expect.any(String),
      jti: expect.any(String),
      roles: ['user', 'tenant_admin'],
      iat: expect.any(Number),
      nbf: expect.any(Number),
      exp: (decodeJwt(tokens.access_token).iat ?? 0) + 900,
    });
  });

  it('can be checked with the published key set', async () => {
    const answer = await app.call('GET', '/.well-known/jwks.json');
    const keySet: JSONWebKeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }).parse(answer.json);
    expect(keySet.keys[0]).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      use: 'sig',
      x: expect.any(String),
      kid: expect.any(String),
    });
    const { payload } = await jwtVerify(tokens.access_token, createLocalJWKSet(keySet), { audience: 'goldenpath-api' });
    expect(payload.sub).toBe(tokens.user.id);
  });

  it('made anew in its own likeness passes: what follows fails for its own reason', async () => {
    expect((await me(await forge({}))).status).toBe(200);
  });

  it.each<[string, Forgery]>([
    ['another audience', { claims: { aud: 'elsewhere' } }],
    ['another issuer', { claims: { iss: 'elsewhere' } }],
    ['no audience', { claims: { aud: undefined } }],
    ['no expiry', { claims: { exp: undefined } }],
    ['no nbf', { claims: { nbf: undefined } }],
    ['a start in the future', { claims: { nbf: Math.floor(Date.now() / 1000) + 3600 } }],
    ['another user', { claims: { sub: '01890000-0000-7000-8000-000000000000' } }],
    ['another tenant', { claims: { tid: '01890000-0000-7000-8000-000000000000' } }],
    ['a session that is no id', { claims: { sid: "x' OR 1=1" } }],
    ['another type', { header: { typ: 'JWT' } }],
    ['an unknown key id', { header: { kid: 'unknown' } }],
    ['no key id', { header: { kid: undefined } }],
    ['a foreign key', { key: newPrivateKey() }],
  ])('with %s is invalid', async (_name, forgery) => {
    expect(refusalOf(await me(await forge(forgery)))).toEqual([401, 'token_invalid']);
  });

  it('with alg none is invalid', async () => {
    const [header = '', payload = ''] = tokens.access_token.split('.');
    const { kid } = z.object({ kid: z.string() }).parse(JSON.parse(Buffer.from(header, 'base64url').toString()));
    for (const alg of ['none', 'None', '']) {
      const unsigned = `${base64url({ alg, typ: 'at+jwt', kid })}.${payload}.`;
      expect(refusalOf(await me(unsigned))).toEqual([401, 'token_invalid']);
    }
  });

  it('signed HS256 with the public key for a secret is invalid', async () => {
    const publicKey = createPublicKey(app.privateKey);
    const { kid } = z
      .object({ kid: z.string() })
      .parse(JSON.parse(Buffer.from(tokens.access_token.split('.')[0] ?? '', 'base64url').toString()));
    const signed = `${base64url({ alg: 'HS256', typ: 'at+jwt', kid })}.${tokens.access_token.split('.')[1] ?? ''}`;
    const secrets = [
      publicKey.export({ format: 'pem', type: 'spki' }),
      publicKey.export({ format: 'der', type: 'spki' }),
    ];
    for (const secret of [...secrets, JSON.stringify(publicKey.export({ format: 'jwk' }))]) {
      const signature = createHmac('sha256', secret).update(signed).digest('base64url');
      expect(refusalOf(await me(`${signed}.${signature}`))).toEqual([401, 'token_invalid']);
    }
  });

  it('changed after signing is invalid', async () => {
    const [header = '', payload = '', signature = ''] = tokens.access_token.split('.');
    const admin = base64url({ ...decodeJwt(tokens.access_token), roles: ['platform_admin'] });
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    for (const token of [
      `${header}.${admin}.${signature}`,
      `${header}.${payload}.${flipped}`,
      `${header}.${payload}.`,
    ]) {
      expect(refusalOf(await me(token))).toEqual([401, 'token_invalid']);
    }
  });

  it.each(['x', 'a.b.c', '..', '{}', 'e30.e30.e30', 'a'.repeat(6000)])(
    'that is junk is invalid: %.20s',
    async (token) => {
      expect(refusalOf(await me(token))).toEqual([401, 'token_invalid']);
    },
  );

  it('past its expiry is expired', async () => {
    const nowS = Math.floor(Date.now() / 1000);
    const expired = await forge({ claims: { iat: nowS - 1000, nbf: nowS - 1000, exp: nowS - 1 } });
    expect(refusalOf(await me(expired))).toEqual([401, 'token_expired']);
  });

  it('of a disabled user is revoked', async () => {
    const disabled = await app.register('token-disabled@example.com');
    await app.database.execute('UPDATE user_account SET disabled_at = now() WHERE id = $1', [disabled.user.id]);
    expect(refusalOf(await me(disabled.access_token))).toEqual([401, 'token_revoked']);
  });

  it('of an unknown session is revoked', async () => {
    const token = await forge({ claims: { sid: '01890000-0000-7000-8000-000000000000' } });
    expect(refusalOf(await me(token))).toEqual([401, 'token_revoked']);
  });

  it('has the rights of now, not of when it was signed', async () => {
    const admin = await app.register('token-admin@example.com');
    const allowed = async () => (await app.call('GET', '/probe/admin', { token: admin.access_token })).status;
    expect(await allowed()).toBe(403);
    await app.database.execute("UPDATE user_account SET roles = '{user,platform_admin}' WHERE id = $1", [
      admin.user.id,
    ]);
    app.clock.forward(1000);
    expect(await allowed()).toBe(200);
  });
});

describe('the verifier', () => {
  it('answers an Identity', async () => {
    const claims = decodeJwt(tokens.access_token);
    const identity = await app.get(TokenVerifier).verify(tokens.access_token);
    expect(identity).toEqual({
      userId: tokens.user.id,
      tenantId: tokens.user.tenant_id,
      sessionId: claims.sid,
      roles: ['user', 'tenant_admin'],
      expiresAt: new Date((claims.exp ?? 0) * 1000),
    });
  });

  it('asks the database once for a thousand calls at once', async () => {
    const { access_token } = await app.register('thousand@example.com');
    const selects = app.selects('FROM session s JOIN user_account');
    await Promise.all(Array.from({ length: 1000 }, () => app.get(TokenVerifier).verify(access_token)));
    expect(selects.count()).toBe(1);
  });

  it('takes an ES256 key as well', async () => {
    const other = await AuthApp.start({ url: app.databaseUrl, environment: { JWT_PRIVATE_KEY: pemOf(p256Key()) } });
    try {
      const { access_token } = await other.register('es256@example.com');
      expect((await other.call('GET', '/api/auth/me', { token: access_token })).status).toBe(200);
      expect(refusalOf(await me(access_token))).toEqual([401, 'token_invalid']);
    } finally {
      await other.close();
    }
  });
});
