import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditTrail } from '../../src/auth/audit-trail.js';
import { PASSWORD, TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

const newest = async () => (await server.get(AuditTrail).newest({ limit: 1 }))[0];
const byUser = () => ({ actor_id: user.id, tenant_id: user.tenantId, target_kind: 'user', target_id: user.id });

describe('the audit trail', () => {
  it('tells who changed a password, and not to what', async () => {
    const body = { current_password: PASSWORD, new_password: `${PASSWORD} again` };
    expect((await server.call('POST', '/api/auth/password', { token: user.token, body })).status).toBe(204);
    expect(await newest()).toEqual({
      ...byUser(),
      action: 'password_changed',
      id: expect.any(String),
      created_at: expect.any(String),
      details: {},
    });
  });

  it('has no entry for what did not happen', async () => {
    const before = await newest();
    const body = { current_password: 'a wrong one', new_password: `${PASSWORD} once more` };
    expect((await server.call('POST', '/api/auth/password', { token: user.token, body })).status).toBe(403);
    expect(await newest()).toEqual(before);
  });

  it('tells who ended all sessions', async () => {
    expect((await server.call('POST', '/api/auth/logout-all', { token: user.token })).status).toBe(204);
    expect(await newest()).toMatchObject({ ...byUser(), action: 'logout_all', details: { sessions: 1 } });
  });

  it('tells that a server was shut down, and why', async () => {
    const replica = await server.sibling();
    await replica.stop();
    expect(await newest()).toMatchObject({
      actor_id: null,
      tenant_id: null,
      action: 'server_shutdown',
      target_kind: 'server',
      details: { reason: 'end of test', role: 'all', runs_handed_back: 0 },
    });
  });

  it('is read page by page, newest first', async () => {
    const trail = server.get(AuditTrail);
    const all = await trail.newest({ limit: 10 });
    expect(all.map(({ action }) => action)).toEqual(['server_shutdown', 'logout_all', 'password_changed']);
    expect(await trail.newest({ limit: 10, before: all[0]?.id })).toEqual(all.slice(1));
  });

  it.each(['UPDATE audit_entry SET action = $1', 'DELETE FROM audit_entry WHERE action <> $1', 'TRUNCATE audit_entry'])(
    'can not be changed: %s',
    async (statement) => {
      const parameters = statement.includes('$1') ? ['nothing'] : [];
      await expect(server.database.execute(statement, parameters)).rejects.toThrow('audit entries are only ever added');
    },
  );
});
