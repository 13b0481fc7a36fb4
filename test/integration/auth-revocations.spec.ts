import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Revocations, type Revoked } from '../../src/auth/revocations.js';
import { until } from '../support/until.js';
import { AuthApp, tokensOf } from './auth-app.js';

let here: AuthApp;
let there: AuthApp;
const heard: Record<'here' | 'there', Revoked[]> = { here: [], there: [] };

beforeAll(async () => {
  here = await AuthApp.start();
  there = await AuthApp.start({ url: here.databaseUrl, privateKey: here.privateKey });
  here.get(Revocations).onRevoked((revoked) => heard.here.push(revoked));
  there.get(Revocations).onRevoked((revoked) => heard.there.push(revoked));
});
afterAll(async () => {
  await there.close();
  await here.close();
});

const me = async (app: AuthApp, token: string) => (await app.call('GET', '/api/auth/me', { token })).status;
const of = (list: readonly Revoked[], userId: string) => list.filter((revoked) => revoked.userId === userId);

describe('a session that ends on one node', () => {
  it('is known there before the answer, and on the other node within a second, once each', async () => {
    const { user, access_token } = await here.register('nodes@example.com');
    const second = tokensOf(await there.login('nodes@example.com'));
    expect([await me(here, access_token), await me(there, access_token), await me(there, second.access_token)]).toEqual(
      [200, 200, 200],
    );
    await here.call('POST', '/api/auth/logout-all', { token: access_token });
    expect(of(heard.here, user.id)).toHaveLength(2);
    await until(() => of(heard.there, user.id).length === 2, {
      timeoutMs: 1000,
      message: 'the other node hears of it',
    });
    expect([
      await me(here, second.access_token),
      await me(there, access_token),
      await me(there, second.access_token),
    ]).toEqual([401, 401, 401]);
    // The next end is told alone: the earlier ones are not told again, although the feed still reads them.
    const next = await here.register('nodes-next@example.com');
    await here.call('POST', '/api/auth/logout', { token: next.access_token });
    await until(() => of(heard.there, next.user.id).length === 1, { message: 'the other node hears of the next one' });
    expect([of(heard.here, user.id).length, of(heard.there, user.id).length]).toEqual([2, 2]);
  });

  it('is known on the other node although its connections were cut meanwhile', async () => {
    const { user, access_token } = await here.register('cut@example.com');
    await here.database.execute(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await here.call('POST', '/api/auth/logout', { token: access_token });
    await until(() => of(heard.there, user.id).length === 1, {
      timeoutMs: 3000,
      message: 'the other node hears of it',
    });
  });
});
