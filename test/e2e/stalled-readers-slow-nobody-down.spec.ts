import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServerProcess } from '../load/server-process.js';
import { measureSlowReaders } from '../load/slow-readers.js';
import { median, p99LimitMs } from '../load/slow-readers-verdict.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { measuredServer } from '../support/measured-server.js';

const STALLED = 60;
const MEGABYTE = 1024 * 1024;
const READER_LIMIT_BYTES = MEGABYTE;
const MEMORY_LIMIT_BYTES = 20 * MEGABYTE;
/** A machine that does other things as well hiccups for so long, with or without stalled readers. */
const HICCUP_MS = 25;
const LIMIT_MS = 180_000;

let database: TestDatabase;
let folder: string;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'goldenpath-slow-'));
  const entry = '../support/scripted-main.ts';
  server = await ServerProcess.start(measuredServer({ databaseUrl: database.url, folder, entry }));
}, LIMIT_MS);
afterAll(async () => {
  await server.stop();
  await database.drop();
  await rm(folder, { recursive: true });
});

describe('readers that have stopped reading', () => {
  // `npm run bench:slow-readers` has a thousand of them.
  it(
    'neither slow the others down nor fill the memory, and are given up after half a minute',
    async () => {
      const options = { users: 2, fast: 20, stalled: STALLED, rounds: 1, measurements: 3, eventsPerMeasurement: 50 };
      const result = await measureSlowReaders(server, options);
      const [without, beside] = [median(result.p99WithoutMs), median(result.p99WithMs)];
      expect(beside).toBeLessThanOrEqual(p99LimitMs(without, HICCUP_MS));
      expect(result.bufferedBytesPerReader).toBeLessThan(READER_LIMIT_BYTES);
      expect(median(result.heapGrowthBytes)).toBeLessThan(MEMORY_LIMIT_BYTES);
      expect(result.givenUp).toBe(STALLED);
    },
    LIMIT_MS,
  );
});
