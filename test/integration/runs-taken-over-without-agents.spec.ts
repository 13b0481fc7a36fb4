import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Dependency, LateModule } from '../support/late.module.js';
import { logFaults, runEnd, storedEvents } from '../support/run-log.js';
import { TestServer } from '../support/server.js';
import { submit } from '../support/submit.js';
import { until } from '../support/until.js';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start({}, [LateModule]);
});
afterAll(() => server.stop());

it('a run that is taken over while its agents are not ready is resumed once, and answered without them', async () => {
  const dependency = server.get(Dependency);
  let letGo = (): void => undefined;
  dependency.isThere = true;
  dependency.held = new Promise((resolve) => (letGo = resolve));
  const { runId, threadId } = await submit(server, await server.register(), { agent: 'late' });
  const types = async (): Promise<string[]> =>
    (await storedEvents(server.database, threadId)).map((event) => event.type);
  await until(async () => (await types()).filter((type) => type === 'agent_thinking').length === 2, {
    message: 'the agent is at work',
  });

  dependency.isThere = false;
  await server.database.execute(
    `UPDATE run SET epoch = epoch + 1, owner = 'lost', lease_until = now() - interval '1 second' WHERE id = $1`,
    [runId],
  );
  expect(await runEnd(server.database, runId)).toBe('completed');
  letGo();
  const events = await storedEvents(server.database, threadId);
  expect(events.at(-1)).toMatchObject({ final: true, result: { mode: 'limited' } });
  const attempts = events.flatMap((event) =>
    event.type === 'run_resumed' || event.type === 'agent_started' ? [[event.type, event.attempt]] : [],
  );
  expect(attempts).toEqual([
    ['agent_started', 1],
    ['agent_started', 1],
    ['run_resumed', 2],
    ['agent_started', 2],
    ['agent_started', 2],
  ]);
  expect(await logFaults(server.database, threadId)).toEqual([]);
});
