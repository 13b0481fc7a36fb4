import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthApp, refusalOf, tokensOf } from './auth-app.js';

let app: AuthApp;
beforeAll(async () => {
  app = await AuthApp.start();
});
afterAll(() => app.close());

const refresh = (token: string) => app.call('POST', '/api/auth/refresh', { body: { refresh_token: token } });
const me = async (token: string) => (await app.call('GET', '/api/auth/me', { token })).status;

describe('refresh', () => {
  it('gives a new pair of the same session', async () => {
    const first = await app.register('refresh@example.com');
    const answer = await refresh(first.refresh_token);
    expect(answer.status).toBe(200);
    const second = tokensOf(answer);
    expect(second.user).toEqual(first.user);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await me(second.access_token)).toBe(200);
    const sessions = await app.call('GET', '/api/auth/sessions', { token: second.access_token });
    expect(sessions.json).toMatchObject({ data: [{ current: true }], next_cursor: null });
  });

  it('takes a token that comes again for stolen: the whole session ends, but no other', async () => {
    const first = await app.register('stolen@example.com');
    const elsewhere = tokensOf(await app.login('stolen@example.com'));
    const second = tokensOf(await refresh(first.refresh_token));
    expect(refusalOf(await refresh(first.refresh_token))).toEqual([401, 'token_revoked']);
    expect(refusalOf(await refresh(second.refresh_token))).toEqual([401, 'token_revoked']);
    expect(await me(second.access_token)).toBe(401);
    expect(await me(elsewhere.access_token)).toBe(200);
    expect(app.logger.named('refresh_token_reused')).toHaveLength(1);
  });

  it('gives one new pair when the same token comes twice at once', async () => {
    const first = await app.register('twice@example.com');
    const answers = await Promise.all([refresh(first.refresh_token), refresh(first.refresh_token)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401]);
    expect(await me(first.access_token)).toBe(401);
  });

  it('refuses an unknown, an expired, and a logged-out token', async () => {
    expect(refusalOf(await refresh('unknown'))).toEqual([401, 'token_invalid']);
    const out = await app.register('out@example.com');
    await app.call('POST', '/api/auth/logout', { token: out.access_token });
    expect(refusalOf(await refresh(out.refresh_token))).toEqual([401, 'token_revoked']);
    const old = await app.register('old@example.com');
    app.clock.forward(604_800_000);
    expect(refusalOf(await refresh(old.refresh_token))).toEqual([401, 'token_expired']);
  });

  it('refuses a disabled user', async () => {
    const { user, refresh_token } = await app.register('disabled@example.com');
    await app.database.execute('UPDATE user_account SET disabled_at = now() WHERE id = $1', [user.id]);
    expect(refusalOf(await refresh(refresh_token))).toEqual([401, 'token_revoked']);
  });
});
