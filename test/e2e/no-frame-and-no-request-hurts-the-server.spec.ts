import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCampaign } from '../fuzz/campaign.js';
import { ServerProcess } from '../load/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { measuredServer } from '../support/measured-server.js';

const SEED = 20_260_801;
const HEAP_GROWTH_MAX_BYTES = 16 * 1024 * 1024;
const CAMPAIGN_MS = 180_000;

let database: TestDatabase;
let folder: string;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'goldenpath-fuzz-'));
  server = await ServerProcess.start(measuredServer({ databaseUrl: database.url, folder }));
}, CAMPAIGN_MS);
afterAll(async () => {
  await server.stop();
  await database.drop();
  await rm(folder, { recursive: true });
});

describe('a server that gets thousands of generated frames, requests and broken lines', () => {
  // `npm run fuzz -- --frames 100000` is the whole of it.
  it(
    `answers each with what the catalogue has, closes only where the protocol says so, and keeps nothing (seed ${SEED})`,
    async () => {
      const report = await runCampaign(server, { frames: 6_000, requestsPerRoute: 5, noises: 40, seed: SEED });
      expect(report.frames.handled).toBeGreaterThanOrEqual(6_000);
      expect(report.frames.closed.get(4400)).toBeGreaterThan(0);
      expect(report.http.routes).toBeGreaterThan(20);
      expect(report.heapGrowthBytes).toBeLessThan(HEAP_GROWTH_MAX_BYTES);
    },
    CAMPAIGN_MS,
  );
});
