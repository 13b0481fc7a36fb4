import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Tickets } from '../../src/auth/tickets.js';
import { AuthApp, refusalOf, type Tokens } from './auth-app.js';

let app: AuthApp;
let tokens: Tokens;
beforeAll(async () => {
  app = await AuthApp.start();
  tokens = await app.register('ticket@example.com');
});
afterAll(() => app.close());

const issue = async (token = tokens.access_token): Promise<string> => {
  const answer = await app.call('POST', '/api/auth/ws-ticket', { token });
  expect(answer.status).toBe(201);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return z.object({ ticket: z.string(), expires_in: z.literal(30) }).parse(answer.json).ticket;
};
const outcome = (ticket: string) =>
  app
    .get(Tickets)
    .redeem(ticket)
    .then((identity) => identity.userId)
    .catch((error: unknown) => (error instanceof Error && 'code' in error ? error.code : error));

describe('a ticket', () => {
  it('has 256 bits and is stored as a hash only', async () => {
    const ticket = await issue();
    expect(Buffer.from(ticket, 'base64url')).toHaveLength(32);
    const rows = await app.database.rows<{ dump: string }>('SELECT row_to_json(t)::text AS dump FROM ws_ticket t');
    expect(rows.map((row) => row.dump).join()).not.toContain(ticket);
  });

  it('stands for the user, once', async () => {
    const ticket = await issue();
    const identity = await app.get(Tickets).redeem(ticket);
    expect(identity).toMatchObject({
      userId: tokens.user.id,
      tenantId: tokens.user.tenant_id,
      roles: ['user', 'tenant_admin'],
    });
    expect(identity.expiresAt.getTime() - app.clock.now().getTime()).toBeGreaterThan(890_000);
    expect(await outcome(ticket)).toBe('ticket_invalid');
  });

  it('lets one of many through that come at once', async () => {
    const ticket = await issue();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcome(ticket)));
    expect(outcomes.filter((one) => one === tokens.user.id)).toHaveLength(1);
    expect(outcomes.filter((one) => one === 'ticket_invalid')).toHaveLength(19);
  });

  it('is over after 30 seconds, and swept away by the next one', async () => {
    const ticket = await issue();
    app.clock.forward(30_000);
    expect(await outcome(ticket)).toBe('ticket_invalid');
    const left = await issue();
    app.clock.forward(30_001);
    await issue();
    const rows = await app.database.row<{ count: number }>('SELECT count(*) AS count FROM ws_ticket');
    expect(rows?.count).toBe(1);
    expect(await outcome(left)).toBe('ticket_invalid');
  });

  it('is worth nothing once its session has ended', async () => {
    const other = await app.register('ticket-out@example.com');
    const ticket = await issue(other.access_token);
    await app.call('POST', '/api/auth/logout', { token: other.access_token });
    expect(await outcome(ticket)).toBe('token_revoked');
  });

  it.each(['', 'nonsense', 'a'.repeat(10_000)])('that nobody issued is invalid: %.10s', async (ticket) => {
    expect(await outcome(ticket)).toBe('ticket_invalid');
  });

  it('opens a route that accepts tickets, and no other', async () => {
    const ticket = await issue();
    expect(refusalOf(await app.call('GET', `/api/auth/me?ticket=${ticket}`))).toEqual([401, 'auth_required']);
    expect((await app.call('GET', `/probe/stream?ticket=${ticket}`)).json).toEqual({ user_id: tokens.user.id });
    expect(refusalOf(await app.call('GET', `/probe/stream?ticket=${ticket}`))).toEqual([401, 'ticket_invalid']);
  });
});
