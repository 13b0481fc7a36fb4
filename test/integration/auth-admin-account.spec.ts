import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AdminAccount } from '../../src/auth/admin-account.js';
import { ConfigurationError } from '../../src/config/configuration-error.js';
import { AuthApp, PASSWORD, tokensOf } from './auth-app.js';

const ADMIN = { ADMIN_EMAIL: 'Root@example.com', ADMIN_PASSWORD: 'seven copper kettles' };

let app: AuthApp;
beforeAll(async () => {
  app = await AuthApp.start({ environment: ADMIN });
});
afterAll(() => app.close());

const admins = async (email: string) =>
  (await app.database.row<{ count: number }>('SELECT count(*) AS count FROM user_account WHERE email = $1', [email]))
    ?.count;

async function withNode(environment: Record<string, string>, work: (node: AuthApp) => Promise<void>): Promise<void> {
  const node = await AuthApp.start({ url: app.databaseUrl, privateKey: app.privateKey, environment });
  try {
    await work(node);
  } finally {
    await node.close();
  }
}

describe('the admin account', () => {
  it('is made at start, once, also by replicas that start at once, and may what admins may', async () => {
    const account = app.get(AdminAccount);
    await Promise.all([account.ensure(), account.ensure(), account.ensure()]);
    await account.ensure();
    expect(await admins('root@example.com')).toBe(1);
    const { user, access_token } = tokensOf(await app.login('root@example.com', ADMIN.ADMIN_PASSWORD));
    expect(user.roles).toContain('platform_admin');
    expect((await app.call('GET', '/probe/admin', { token: access_token })).status).toBe(200);
  });

  it('takes over an address that somebody registered before, with its sessions', async () => {
    const squatter = await app.register('boss@example.com');
    await withNode({ ...ADMIN, ADMIN_EMAIL: 'boss@example.com' }, async (node) => {
      await node.get(AdminAccount).ensure();
      expect((await node.login('boss@example.com', PASSWORD)).status).toBe(401);
      expect((await node.call('GET', '/api/auth/me', { token: squatter.access_token })).status).toBe(401);
      expect(tokensOf(await node.login('boss@example.com', ADMIN.ADMIN_PASSWORD)).user.roles).toContain(
        'platform_admin',
      );
    });
  });

  it('keeps a password that its owner changed', async () => {
    await app.get(AdminAccount).ensure();
    const { access_token } = tokensOf(await app.login('root@example.com', ADMIN.ADMIN_PASSWORD));
    const body = { current_password: ADMIN.ADMIN_PASSWORD, new_password: PASSWORD };
    expect((await app.call('POST', '/api/auth/password', { token: access_token, body })).status).toBe(204);
    await app.get(AdminAccount).ensure();
    expect((await app.login('root@example.com', PASSWORD)).status).toBe(200);
  });

  it('stops the start when its password is a common one', async () => {
    await withNode({ ADMIN_EMAIL: 'weak@example.com', ADMIN_PASSWORD: 'administrator' }, async (node) => {
      await expect(node.get(AdminAccount).ensure()).rejects.toThrow(ConfigurationError);
    });
  });

  it('is not made when none is configured', async () => {
    await withNode({}, async (node) => {
      const before = await app.database.row('SELECT count(*) AS count FROM user_account');
      await node.get(AdminAccount).ensure();
      expect(await app.database.row('SELECT count(*) AS count FROM user_account')).toEqual(before);
    });
  });
});
