import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { Passwords } from '../../src/auth/passwords.js';
import { SignIn } from '../../src/auth/sign-in.js';
import { until } from '../support/until.js';
import { AuthApp, errorOf, PASSWORD, refusalOf, tokensOf, type Answer } from './auth-app.js';

let app: AuthApp;
beforeAll(async () => {
  app = await AuthApp.start();
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => app.close());

const NEW_PASSWORD = 'marble lantern 42 fog';
const page = z.object({
  data: z.array(z.object({ id: z.string(), user_agent: z.string().nullable(), current: z.boolean() })),
  next_cursor: z.string().nullable(),
});

const me = async (token: string) => (await app.call('GET', '/api/auth/me', { token })).status;
const sessionsOf = async (token: string, query = '') =>
  page.parse((await app.call('GET', `/api/auth/sessions${query}`, { token })).json);
const post = (path: string, token: string, body?: unknown): Promise<Answer> =>
  app.call('POST', `/api/auth/${path}`, { token, body });
const waitsForLock = async (): Promise<boolean> => {
  const row = await app.database.row<{ waits: boolean }>(
    "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS waits",
  );
  return row?.waits === true;
};

describe('logout', () => {
  it('ends this session at once, and no other', async () => {
    const here = await app.register('logout@example.com');
    const there = tokensOf(await app.login('logout@example.com'));
    expect((await post('logout', here.access_token)).status).toBe(204);
    expect(refusalOf(await app.call('GET', '/api/auth/me', { token: here.access_token }))).toEqual([
      401,
      'token_revoked',
    ]);
    expect(await me(there.access_token)).toBe(200);
  });

  it('everywhere ends all of the user and none of another', async () => {
    const here = await app.register('everywhere@example.com');
    const there = tokensOf(await app.login('everywhere@example.com'));
    const stranger = await app.register('stranger@example.com');
    expect((await post('logout-all', here.access_token)).status).toBe(204);
    expect([await me(here.access_token), await me(there.access_token), await me(stranger.access_token)]).toEqual([
      401, 401, 200,
    ]);
  });
});

describe('the list of sessions', () => {
  it('has the live ones, newest first, in pages', async () => {
    const first = await app.register('list@example.com');
    const second = tokensOf(await app.login('list@example.com'));
    const third = tokensOf(await app.login('list@example.com'));
    await post('logout', second.access_token);
    const all = await sessionsOf(third.access_token);
    expect(all.data.map((session) => session.current)).toEqual([true, false]);
    expect(all.data[0]?.user_agent).toBe('node');
    const one = await sessionsOf(first.access_token, '?limit=1');
    const rest = await sessionsOf(first.access_token, `?limit=1&cursor=${one.next_cursor ?? ''}`);
    expect([...one.data, ...rest.data].map((session) => session.id)).toEqual(all.data.map((session) => session.id));
    expect(rest.next_cursor).toBeNull();
  });

  it.each(['?limit=0', '?limit=101', '?limit=many', '?cursor=x'])('refuses %s', async (query) => {
    const { access_token } = await app.register(`q${encodeURIComponent(query).replaceAll('%', '')}@example.com`);
    expect(refusalOf(await app.call('GET', `/api/auth/sessions${query}`, { token: access_token }))).toEqual([
      400,
      'validation_failed',
    ]);
  });
});

describe('ending one session', () => {
  it('works for an own one', async () => {
    const here = await app.register('end@example.com');
    const there = tokensOf(await app.login('end@example.com'));
    const { data } = await sessionsOf(here.access_token);
    const other = data.find((session) => !session.current);
    const ended = await app.call('DELETE', `/api/auth/sessions/${other?.id ?? ''}`, { token: here.access_token });
    expect([ended.status, await me(there.access_token), await me(here.access_token)]).toEqual([204, 401, 200]);
  });

  it("answers somebody else's, an ended and a nonsense id alike", async () => {
    const mine = await app.register('mine@example.com');
    const theirs = await app.register('theirs@example.com');
    const id = (await sessionsOf(theirs.access_token)).data[0]?.id ?? '';
    const end = (sessionId: string) =>
      app.call('DELETE', `/api/auth/sessions/${sessionId}`, { token: mine.access_token });
    const foreign = await end(id);
    expect(refusalOf(foreign)).toEqual([404, 'not_found']);
    expect((await end('01890000-0000-7000-8000-000000000000')).text).toBe(foreign.text);
    expect((await end("x'--")).text).toBe(foreign.text);
    expect(await me(theirs.access_token)).toBe(200);
  });
});

describe('changing the password', () => {
  it('keeps this session and ends the others', async () => {
    const here = await app.register('change@example.com');
    const there = tokensOf(await app.login('change@example.com'));
    const changed = await post('password', here.access_token, {
      current_password: PASSWORD,
      new_password: NEW_PASSWORD,
    });
    expect([changed.status, await me(here.access_token), await me(there.access_token)]).toEqual([204, 200, 401]);
    expect((await app.login('change@example.com')).status).toBe(401);
    expect((await app.login('change@example.com', NEW_PASSWORD)).status).toBe(200);
  });

  it('refuses a wrong current one and a weak new one, and changes nothing', async () => {
    const { access_token } = await app.register('keep@example.com');
    const wrong = await post('password', access_token, {
      current_password: 'not the one at all',
      new_password: NEW_PASSWORD,
    });
    expect(refusalOf(wrong)).toEqual([403, 'forbidden']);
    for (const weak of ['short', PASSWORD, 'keep@example.com', 'qwertyuiop123']) {
      const refused = await post('password', access_token, { current_password: PASSWORD, new_password: weak });
      expect(refusalOf(refused)).toEqual([400, 'validation_failed']);
      expect(errorOf(refused).details).toMatchObject({ issues: [{ path: 'new_password' }] });
    }
    expect((await app.login('keep@example.com')).status).toBe(200);
  });

  it('wins over a sign-in with the old one that is still being checked', async () => {
    const here = await app.register('late@example.com');
    const passwords = app.get(Passwords);
    const matches = passwords.matches.bind(passwords);
    const change = { current_password: PASSWORD, new_password: NEW_PASSWORD };
    let changed: Promise<Answer> | undefined;
    jest.spyOn(passwords, 'matches').mockImplementationOnce(async (password, hash) => {
      changed = post('password', here.access_token, change);
      await changed;
      return matches(password, hash);
    });
    const late = await app.login('late@example.com');
    expect((await changed)?.status).toBe(204);
    expect(late.text).toBe((await app.login('late@example.com', 'not the one at all')).text);
    expect((await sessionsOf(here.access_token)).data).toHaveLength(1);
  });

  it('ends a session that is being opened with the old one', async () => {
    const here = await app.register('opening@example.com');
    const signIn = app.get(SignIn);
    const answer = signIn.answer.bind(signIn);
    let changed: Promise<Answer> | undefined;
    jest.spyOn(signIn, 'answer').mockImplementationOnce(async (...parameters) => {
      changed = post('password', here.access_token, { current_password: PASSWORD, new_password: NEW_PASSWORD });
      await until(waitsForLock, { message: 'the change to wait for the sign-in' });
      return answer(...parameters);
    });
    const there = tokensOf(await app.login('opening@example.com'));
    expect((await changed)?.status).toBe(204);
    expect([await me(here.access_token), await me(there.access_token)]).toEqual([200, 401]);
  });

  it('succeeds once for two who know the old one', async () => {
    const here = await app.register('twice@example.com');
    const passwords = app.get(Passwords);
    const hash = passwords.hash.bind(passwords);
    const change = (next: string) =>
      post('password', here.access_token, { current_password: PASSWORD, new_password: next });
    let first: Answer | undefined;
    jest.spyOn(passwords, 'hash').mockImplementationOnce(async (password) => {
      first = await change(NEW_PASSWORD);
      return hash(password);
    });
    const second = await change('copper marble fog 24');
    expect(first?.status).toBe(204);
    expect(refusalOf(second)).toEqual([403, 'forbidden']);
    expect((await app.login('twice@example.com', NEW_PASSWORD)).status).toBe(200);
  });
});
