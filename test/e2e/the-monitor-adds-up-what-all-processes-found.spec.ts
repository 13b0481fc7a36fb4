import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { GoldenPathMonitor } from '../../src/monitor/golden-path-monitor.js';
import { ADMIN, adminToken } from '../support/admin.js';
import { finishRun } from '../support/finished-run.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const report = z.object({
  status: z.string(),
  events: z.array(z.object({ type: z.string(), emitted: z.number(), delivered: z.number() })),
  processes: z.array(z.object({ role: z.string(), status: z.string(), emitted: z.number() })),
});

let gateway: TestServer;
let worker: TestServer;

beforeAll(async () => {
  gateway = await TestServer.start({ ROLE: 'api', ...ADMIN });
  worker = await gateway.sibling({ ROLE: 'worker' });
});
afterAll(async () => {
  await worker.stop();
  await gateway.stop();
});

it('tells on a gateway, which stores no event of a run, how those of its workers arrive, and whose figures they are', async () => {
  const client = await gateway.connect(await gateway.register());
  await finishRun(client);
  const admin = await adminToken(gateway);
  const look = async () => {
    await worker.get(GoldenPathMonitor).evaluate();
    const answer = await gateway.call('GET', '/api/admin/monitor', { token: admin });
    return report.parse(answer.json);
  };
  const found = await until(
    async () => {
      const looked = await look();
      return looked.status === 'HEALTHY' && looked;
    },
    { message: 'the figures of the worker, and of what the gateway delivered' },
  );
  for (const { emitted, delivered } of found.events) expect([emitted > 0, delivered]).toEqual([true, emitted]);
  expect(found.processes.map(({ role, status }) => [role, status])).toEqual([
    ['api', 'NO_DATA'],
    ['worker', 'HEALTHY'],
  ]);
});
