import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { PASSWORD, TestServer } from '../support/server.js';

const EMAIL = 'admin@example.com';
const health = z.object({
  checks: z.record(z.string(), z.looseObject({ status: z.string(), latency_ms: z.number() })),
});
const signedIn = z.object({ access_token: z.string() });

describe('health', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({ ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: PASSWORD });
  });
  afterAll(() => server.stop());

  const checks = async (path: string, token?: string) =>
    health.parse((await server.call('GET', path, { token })).json).checks;

  it('shows the phases of the start in their order, each with how long it took', async () => {
    const phases = Object.entries(await checks('/health/startup'));
    expect(phases.map(([name, { status }]) => `${name} ${status}`)).toEqual(
      ['config', 'database', 'migrations', 'cache', 'services', 'gateway'].map((phase) => `${phase} done`),
    );
    const tookMs = phases.reduce((sum, [, { latency_ms: latencyMs }]) => sum + latencyMs, 0);
    expect(tookMs).toBeGreaterThan(0);
  });

  it('shows addresses to platform admins alone', async () => {
    const { json } = await server.call('POST', '/api/auth/login', { body: { email: EMAIL, password: PASSWORD } });
    const admin = signedIn.parse(json).access_token;
    expect((await checks('/health', admin)).database).toMatchObject({ status: 'up', address: expect.any(String) });
    for (const token of [undefined, 'nonsense', (await server.register()).token]) {
      for (const path of ['/health', '/health/ready']) {
        for (const check of Object.values(await checks(path, token))) {
          expect(Object.keys(check).sort()).toEqual(['latency_ms', 'status']);
        }
      }
    }
  });
});
