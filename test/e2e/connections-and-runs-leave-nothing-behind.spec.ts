import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findLeaks, HEAP_BYTES_PER_RUN_MAX, type LeakOptions } from '../load/leaks.js';
import { ServerProcess } from '../load/server-process.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { measuredServer } from '../support/measured-server.js';

const LIMIT_MS = 240_000;

let store: TestDatabase;
let opened: OpenDatabase;
let folder: string;
let look: Pick<LeakOptions, 'folder' | 'settleMs'>;
let server: ServerProcess;

beforeAll(async () => {
  store = await createTestDatabase();
  opened = await openDatabase(store.url);
  folder = await mkdtemp(join(tmpdir(), 'goldenpath-leaks-'));
  look = { folder, settleMs: 20_000 };
  const entry = '../support/scripted-main.ts';
  server = await ServerProcess.start(measuredServer({ databaseUrl: store.url, folder, entry }));
}, LIMIT_MS);
afterAll(async () => {
  await server.stop();
  await opened.close();
  await store.drop();
  await rm(folder, { recursive: true });
});

describe('connecting, running and disconnecting again and again', () => {
  // `npm run leaks` is the whole of it: 200 cycles of 50 users.
  it(
    'leaves no object, timer, listener, lock or memory behind',
    async () => {
      const report = await findLeaks(server, opened.database, { users: 8, cycles: 12, ...look, seedName: 'user' });
      expect(report.leaks).toEqual([]);
      expect(report.heapBytesPerRun).toBeLessThan(HEAP_BYTES_PER_RUN_MAX);
    },
    LIMIT_MS,
  );

  it(
    'is looked at closely enough: a leak that was planted is found',
    async () => {
      const extra = async (): Promise<void> => {
        await fetch(`${server.url}/test/leak`, { method: 'POST' });
      };
      const options = { users: 4, cycles: 4, ...look, settleMs: 0, seedName: 'leaky', extra };
      const { leaks } = await findLeaks(server, opened.database, options);
      const found = leaks.join('\n');
      expect(found).toMatch(/^\d+ more PlantedLeak$/m);
      expect(found).toMatch(/^\d+ more resource Timeout$/m);
    },
    LIMIT_MS,
  );
});
