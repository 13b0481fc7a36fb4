import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { connectAt, gateAt, registerAt } from '../support/rest-user.js';
import { inShort, logFaults, storedEvents } from '../support/run-log.js';
import { script, type Step } from '../support/scripted-agent.js';
import { createSideEffects, sideEffects } from '../support/scripted-tools.js';
import { ServerProcess } from '../support/server-process.js';

const SCRIPTED = 'scripted-main.ts';

let store: TestDatabase;
let open: OpenDatabase;
let environment: Record<string, string>;
const started: ServerProcess[] = [];

beforeAll(async () => {
  store = await createTestDatabase();
  open = await openDatabase(store.url);
  await createSideEffects(open.database);
  environment = { ...ServerProcess.environment(store.url), CONCURRENT_RUNS_PER_USER: '10', LOG_LEVEL: 'error' };
});
afterAll(async () => {
  await Promise.all(started.map((server) => server.end('SIGKILL')));
  await open.close();
  await store.drop();
});

const start = async (): Promise<ServerProcess> => {
  const server = await ServerProcess.start(environment, SCRIPTED);
  started.push(server);
  return server;
};

const line = (text: string, gate?: string): Step => ({
  tool: 'write_line',
  parameters: { line: text, ...(gate === undefined ? {} : { gate }) },
});

/** Where each run stands when the server is killed, and which lines its tools have written in the end. */
const POINTS: Record<string, { readonly steps: readonly Step[]; readonly effects: readonly string[] }> = {
  thinking: { steps: [line('a'), { think: 'hm' }, { gate: 'thinking' }, line('b')], effects: ['a', 'b'] },
  tool: { steps: [line('a'), line('b', 'tool'), line('c')], effects: ['a', 'b', 'c'] },
  set: {
    steps: [{ tool: 'set_line', parameters: { line: 'a', gate: 'set' } }, line('b')],
    effects: ['a', 'a', 'b'],
  },
  between: { steps: [{ delegate: [line('a')] }, { gate: 'between' }, { delegate: [line('b')] }], effects: ['a', 'b'] },
  inner: { steps: [{ delegate: [line('a'), { gate: 'inner' }, line('b')] }, line('c')], effects: ['a', 'b', 'c'] },
  streaming: { steps: [line('a'), { text: 'half of ' }, { gate: 'streaming' }, { text: 'it' }], effects: ['a'] },
};
const names = Object.keys(POINTS);

describe('a server that is killed with -9 while runs stand at every kind of point', () => {
  it('goes on with each after its restart: nothing finished is done again, nothing doubtful is guessed', async () => {
    const first = await start();
    const token = await registerAt(first.url, 'killed@example.com');
    const before = await connectAt(first.url, token);
    const runs = new Map<string, { thread_id: string; run_id: string }>();
    for (const [name, { steps }] of Object.entries(POINTS)) {
      const asked = await before.ask({ type: 'user_message', agent: 'scripted', text: script(...steps) });
      runs.set(name, accepted.parse(asked));
    }
    for (const name of names) await gateAt(first.url, name).reached();
    await before.next('text_delta');
    await first.end('SIGKILL');

    const second = await start();
    const after = await connectAt(second.url, token);
    for (const name of names) await gateAt(second.url, name).open();
    for (const [name, { thread_id: threadId, run_id: runId }] of runs) {
      if (!after.frames.some((frame) => frame.final === true && frame.run_id === runId)) await finalEvent(after, runId);
      const events = await storedEvents(open.database, threadId);
      const resumed = events.find((event) => event.type === 'run_resumed');
      const last = events.at(-1);
      expect({
        name,
        faults: await logFaults(open.database, threadId),
        effects: await sideEffects(open.database, runId),
        status: last?.type === 'agent_completed' ? last.status : undefined,
        attempt: resumed?.type === 'run_resumed' ? resumed.attempt : undefined,
      }).toEqual({ name, faults: [], effects: POINTS[name]?.effects, status: 'completed', attempt: 2 });
    }

    const shortOf = async (name: string) =>
      inShort(await storedEvents(open.database, runs.get(name)?.thread_id ?? '')).filter((each) =>
        each.startsWith('tool_completed'),
      );
    expect(await shortOf('tool')).toEqual([
      'tool_completed write_line ok',
      'tool_completed write_line outcome_unknown',
      'tool_completed write_line ok',
    ]);
    expect(await shortOf('set')).toEqual([
      'tool_completed set_line outcome_unknown',
      'tool_completed set_line ok',
      'tool_completed write_line ok',
    ]);
    const text = after.frames.find(({ type, reset }) => type === 'text_snapshot' && reset === true);
    expect(text).toMatchObject({ run_id: runs.get('streaming')?.run_id, text: '' });
    after.close();
    expect(await second.end('SIGTERM')).toBe(0);
  }, 90_000);
});
