import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthApp, errorOf, PASSWORD, refusalOf, tokensOf } from './auth-app.js';

let app: AuthApp;
beforeAll(async () => {
  app = await AuthApp.start();
});
afterAll(() => app.close());

const register = (body: unknown) => app.call('POST', '/api/auth/register', { body });

describe('register', () => {
  it('makes a user in a tenant of their own and signs in', async () => {
    const answer = await register({ email: '  Ada@Example.COM ', password: PASSWORD, name: 'Ada' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const tokens = tokensOf(answer);
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      expires_in: 900,
      user: { email: 'ada@example.com', roles: ['user', 'tenant_admin'] },
    });
    const me = await app.call('GET', '/api/auth/me', { token: tokens.access_token });
    expect(me.json).toEqual({ ...tokens.user, name: 'Ada' });
    const other = await app.register('other@example.com');
    expect(other.user.tenant_id).not.toBe(tokens.user.tenant_id);
  });

  it('keeps neither the password nor a token readable', async () => {
    const tokens = await app.register('secret@example.com');
    const rows = await app.database.rows<{ dump: string }>(
      `SELECT row_to_json(u)::text AS dump FROM user_account u UNION ALL SELECT row_to_json(s)::text FROM session s
       UNION ALL SELECT row_to_json(t)::text FROM refresh_token t`,
    );
    const dump = rows.map((row) => row.dump).join('\n');
    expect(dump).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    for (const secret of [PASSWORD, tokens.refresh_token, tokens.access_token]) expect(dump).not.toContain(secret);
  });

  it('refuses an address that is taken, also in other letters and also when two come at once', async () => {
    await app.register('taken@example.com');
    const again = await register({ email: 'TAKEN@example.com', password: PASSWORD });
    expect(refusalOf(again)).toEqual([400, 'validation_failed']);
    expect(errorOf(again).details).toEqual({ issues: [{ path: 'email', message: 'is taken' }] });
    const both = await Promise.all([1, 2, 3].map(() => register({ email: 'race@example.com', password: PASSWORD })));
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 400, 400]);
    const tenants = await app.database.row<{ count: number }>(
      "SELECT count(*) AS count FROM tenant WHERE name = 'race@example.com'",
    );
    expect(tenants?.count).toBe(1);
  });

  it.each([
    ['a short password', { email: 'a@example.com', password: 'short' }, 'password'],
    ['a common password', { email: 'a@example.com', password: 'Password1234' }, 'password'],
    ['a trivial password', { email: 'a@example.com', password: '123456789012' }, 'password'],
    ['the e-mail as password', { email: 'someone@example.com', password: 'Someone@example.com' }, 'password'],
    ['no e-mail', { password: PASSWORD }, 'email'],
    ['a bad e-mail', { email: 'nobody', password: PASSWORD }, 'email'],
    ['an object for an e-mail', { email: { $gt: '' }, password: PASSWORD }, 'email'],
    ['a zero byte in the name', { email: 'a@example.com', password: PASSWORD, name: 'a\u0000b' }, 'name'],
    ['no object', ['a'], ''],
  ])('refuses %s, saying where', async (_name, body, path) => {
    const answer = await register(body);
    expect(refusalOf(answer)).toEqual([400, 'validation_failed']);
    expect(errorOf(answer).details).toMatchObject({ issues: [{ path }] });
  });
});

describe('register, when it is not open', () => {
  it.each([
    ['invite', 'Registration is by invitation only.'],
    ['closed', 'Registration is closed.'],
  ])('%s: forbidden', async (policy, message) => {
    const closed = await AuthApp.start({ url: app.databaseUrl, environment: { AUTH_REGISTRATION: policy } });
    try {
      const answer = await closed.call('POST', '/api/auth/register', {
        body: { email: 'new@example.com', password: PASSWORD },
      });
      expect(refusalOf(answer)).toEqual([403, 'forbidden']);
      expect(errorOf(answer).message).toBe(message);
    } finally {
      await closed.close();
    }
  });
});
