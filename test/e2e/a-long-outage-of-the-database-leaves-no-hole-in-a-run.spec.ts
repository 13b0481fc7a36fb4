import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RunLeases } from '../../src/events/run-leases.js';
import { accepted, finalEvent } from '../support/finished-run.js';
import { Gates } from '../support/gates.js';
import { logFaults, runEnd } from '../support/run-log.js';
import { script, type Step } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { createSideEffects } from '../support/scripted-tools.js';
import { TestServer } from '../support/server.js';
import type { SocketClient } from '../support/socket.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

/** Longer than the event log waits for its database. */
const OUTAGE_MS = 12_500;
/** What is emitted so late meets a log that is at work on what came before. */
const MODEL_THINKS_MS = 1_000;
const RUNS_OF_A_KIND = 3;

let server: TestServer;
let proxy: TcpProxy;

beforeAll(async () => {
  ({ server, proxy } = await TestServer.startThroughProxy({}, [ScriptedModule]));
  await createSideEffects(server.database);
});
afterAll(async () => {
  await proxy.open();
  await server.stop();
});

/** An agent that begins in the outage, and goes on thinking and calling while its beginning is not stored yet. */
const beginning = (place: number): Step[] => [
  { gate: `begin-${place}` },
  { delegate: [{ gate: `go-on-${place}` }, { think: 'further' }, { tool: 'set_line', parameters: { line: 'x' } }] },
];

/** Two tool calls side by side, the second of which ends while the end of the first is not stored yet. */
const sideBySide = (place: number): Step[] => [
  {
    together: ['first', 'second'].map((call) => ({
      tool: 'set_line',
      parameters: { line: call, gate: `${call}-${place}` },
    })),
  },
];

interface AskedRun {
  readonly client: SocketClient;
  readonly threadId: string;
  readonly runId: string;
}

async function ask(steps: readonly Step[]): Promise<AskedRun> {
  const client = await server.connect(await server.register());
  const text = script(...steps, { answer: 'done' });
  const answer = await client.ask({ type: 'user_message', agent: 'scripted', text });
  const { thread_id: threadId, run_id: runId } = accepted.parse(answer);
  return { client, threadId, runId };
}

/** What is wrong with a run: how it ended, its log, what its client got. */
async function faultsOf({ client, threadId, runId }: AskedRun): Promise<string[]> {
  const state = await runEnd(server.database, runId, 20_000);
  const faults = await logFaults(server.database, threadId);
  if (state !== 'completed') faults.push(`run ${runId} is ${state}`);
  if (faults.length === 0) await finalEvent(client, runId);
  client.events(threadId).forEach(({ seq }, index) => {
    if (seq !== index + 1) faults.push(`seq ${Number(seq)} came at place ${index + 1}`);
  });
  return faults;
}

describe('an outage of the database that outlasts the patience of the event log', () => {
  it('leaves no event without those before it, and every run ends', async () => {
    const gates = server.get(Gates);
    const places = Array.from({ length: RUNS_OF_A_KIND }, (_, place) => place);
    const reach = (...names: string[]) =>
      Promise.all(places.flatMap((place) => names.map((name) => gates.reached(`${name}-${place}`))));
    const open = (...names: string[]): void => {
      for (const place of places) for (const name of names) gates.open(`${name}-${place}`);
    };
    const runs = await Promise.all(places.flatMap((place) => [ask(beginning(place)), ask(sideBySide(place))]));
    await reach('begin', 'first', 'second');

    const awayMs = performance.now();
    const outageLasts = (ms: number) =>
      until(() => performance.now() - awayMs > ms, { timeoutMs: 20_000, message: `${ms} ms of outage` });
    await proxy.close();
    open('begin', 'first');
    await reach('go-on');
    await outageLasts(MODEL_THINKS_MS);
    open('go-on', 'second');
    await outageLasts(OUTAGE_MS);
    const heldAtTheEnd = server.get(RunLeases).size;
    await proxy.open();

    const faults = await Promise.all(runs.map(faultsOf));
    expect(faults.flat()).toEqual([]);
    // The outage was long enough for what this is about.
    expect(heldAtTheEnd).toBeLessThan(runs.length);
  }, 60_000);
});
