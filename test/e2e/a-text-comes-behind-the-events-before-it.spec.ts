import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TextStreams } from '../../src/events/text-streams.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { Gates } from '../support/gates.js';
import { script, type Step } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { TestServer, type TestUser } from '../support/server.js';
import type { SocketClient } from '../support/socket.js';
import { until } from '../support/until.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start({}, [ScriptedModule]);
  user = await server.register();
});
afterAll(() => server.stop());

const start = async (client: SocketClient, ...steps: Step[]) =>
  accepted.parse(await client.ask({ type: 'user_message', agent: 'scripted', text: script(...steps) }));

const isAppendWaiting = async (): Promise<boolean> => {
  const rows = await server.database.rows<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO run_event%'`,
  );
  return rows.length > 0;
};

describe('a text', () => {
  it('is not seen before an event that is still on its way to the disk', async () => {
    const client = await server.connect(user);
    const gates = server.get(Gates);
    // Tells when the time for which deltas are gathered is over: what is written here has no event to wait for.
    const owner = { threadId: randomUUID(), userId: user.id, runId: randomUUID(), messageId: 'clock' };
    const clock = server.get(TextStreams).open(owner, { reset: false, eventsOut: () => Promise.resolve(undefined) });
    const run = await start(client, { gate: 'go' }, { think: 'a thought' }, { text: 'said' }, { gate: 'said' });
    await gates.reached('go');
    await client.next((frame) => frame.type === 'agent_started' && frame.run_id === run.run_id);

    await server.database.transaction(async (sql) => {
      // Kept for as long as a busy machine needs.
      await sql.execute('SET LOCAL idle_in_transaction_session_timeout = 0');
      await sql.execute('SELECT 1 FROM thread WHERE id = $1 FOR UPDATE', [run.thread_id]);
      gates.open('go');
      await until(isAppendWaiting, { message: 'the thought to wait for the row of its thread' });
      await gates.reached('said');
      clock.append('tick');
      await client.next((frame) => frame.type === 'text_delta' && frame.run_id === owner.runId);
    });
    clock.close();
    gates.open('said');
    await finalEvent(client, run.run_id);
    const shown = client.frames
      .filter(({ run_id: runId }) => runId === run.run_id)
      .map(({ type, reasoning, text }) => reasoning ?? text ?? type);
    expect(shown.indexOf('said')).toBeGreaterThan(shown.indexOf('a thought'));
    client.close();
  });
});
