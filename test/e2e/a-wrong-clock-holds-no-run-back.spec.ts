import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { connectAt, gateAt, registerAt, signInAt } from '../support/rest-user.js';
import { logFaults } from '../support/run-log.js';
import { script } from '../support/scripted-agent.js';
import { ServerProcess } from '../support/server-process.js';

const HOURS_MS = 3 * 3_600_000;
/** Lease, poll and a busy machine; far from the hours by which the clock is wrong. */
const TAKE_OVER_MS = 20_000;

let store: TestDatabase;
let open: OpenDatabase;
let environment: Record<string, string>;
const started: ServerProcess[] = [];

beforeAll(async () => {
  store = await createTestDatabase();
  open = await openDatabase(store.url);
  // Tokens outlive the hours by which the servers disagree.
  environment = { ...ServerProcess.environment(store.url), ACCESS_TOKEN_TTL_S: '86400', LOG_LEVEL: 'error' };
});
afterAll(async () => {
  await Promise.all(started.map((server) => server.end('SIGKILL')));
  await open.close();
  await store.drop();
});

async function startAt(clockOffsetMs: number): Promise<ServerProcess> {
  const server = await ServerProcess.start(
    { ...environment, CLOCK_OFFSET_MS: String(clockOffsetMs) },
    'skewed-main.ts',
  );
  started.push(server);
  return server;
}

describe('a server whose clock is hours wrong', () => {
  it.each([
    ['ahead', HOURS_MS],
    ['behind', -HOURS_MS],
  ])(
    '%s: its runs are taken over as soon as its leases have run out, by one whose clock is right',
    async (name, wrongByMs) => {
      const wrong = await startAt(wrongByMs);
      const email = `${name}@example.com`;
      const before = await connectAt(wrong.url, await registerAt(wrong.url, email));
      const gate = `clock-${name}`;
      const asked = await before.ask({ type: 'user_message', agent: 'scripted', text: script({ gate }, { gate }) });
      const { run_id: runId, thread_id: threadId } = accepted.parse(asked);
      await gateAt(wrong.url, gate).reached();
      const right = await startAt(0);
      // Their clocks do not agree on when a token is valid.
      const after = await connectAt(right.url, await signInAt(right.url, email));
      await gateAt(right.url, gate).open();
      await wrong.end('SIGKILL');
      await after.next((frame) => frame.type === 'run_resumed' && frame.run_id === runId, TAKE_OVER_MS);
      expect(await finalEvent(after, runId)).toMatchObject({ status: 'completed' });
      expect(await logFaults(open.database, threadId)).toEqual([]);
      after.close();
      await right.end('SIGKILL');
    },
    90_000,
  );
});
