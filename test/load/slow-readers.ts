import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { metricsOf } from '../support/metrics.js';
import { registerAt } from '../support/rest-user.js';
import { percentile } from './percentile.js';
import type { ServerProcess } from './server-process.js';

export interface SlowReaderOptions {
  /** Each has a thread, and an equal share of the readers. */
  readonly users: number;
  readonly fast: number;
  readonly stalled: number;
  /** Measured without and with the stalled ones, in turn. */
  readonly rounds: number;
  /** Of a round, with and without; their median counts, so that what disturbs one of them does not. */
  readonly measurements: number;
  readonly eventsPerMeasurement: number;
}

export interface SlowReaderResult {
  /** From the event's timestamp to its arrival, p99 over all fast readers, of each round. */
  readonly p99WithoutMs: readonly number[];
  readonly p99WithMs: readonly number[];
  /** Of the server, after full collections, while every stalled reader's buffer is full; less that before they came. Of each round. */
  readonly heapGrowthBytes: readonly number[];
  readonly rssGrowthBytes: readonly number[];
  /** In the last round. */
  readonly bufferedBytesPerReader: number;
  /** How many the server has given up as too slow in the end, and after how long, in the last round. */
  readonly givenUp: number;
  readonly givenUpAfterMs: number;
}

const HANDSHAKES_AT_ONCE = 50;
const EVENTS = { bytes: 2_000, everyMs: 40 };
const BURST = { count: 16, bytes: 16 * 1024, everyMs: 0 };
const BURSTS_MAX = 60;
/** The server stops pushing above this. */
const BUFFER_HIGH_BYTES = 256 * 1024;
const GIVE_UP_TIMEOUT_MS = 60_000;
const POLL_MS = 250;

interface Talker {
  readonly token: string;
  readonly threadId: string;
}

/** Fast readers beside stalled ones, on a server with test/support/chatter.ts: how much later does an event arrive, and what do they cost? */
export async function measureSlowReaders(server: ServerProcess, options: SlowReaderOptions): Promise<SlowReaderResult> {
  const talkers = await Promise.all(Array.from({ length: options.users }, (_, index) => talker(server.url, index)));
  const latenciesMs: number[] = [];
  const fast = await openAll(server.socketUrl, talkers, options.fast);
  for (const socket of fast) socket.on('message', (data) => noteLatency(latenciesMs, data));
  const p99Ms = async (): Promise<number> => {
    const measured: number[] = [];
    while (measured.length < options.measurements) {
      latenciesMs.length = 0;
      await chat(server.url, talkers, { count: options.eventsPerMeasurement, ...EVENTS });
      measured.push(percentile(latenciesMs, 0.99));
    }
    return percentile(measured, 0.5);
  };
  await chat(server.url, talkers, BURST);
  await p99Ms();
  const rounds: { without: number; with: number; cost: Cost }[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const without = await p99Ms();
    rounds.push({ without, ...(await withStalled(server, talkers, { options, p99Ms })) });
  }
  for (const socket of fast) socket.close();
  const last = rounds.at(-1);
  if (last === undefined) throw new Error('no round was measured');
  return {
    ...last.cost,
    p99WithoutMs: rounds.map(({ without }) => without),
    p99WithMs: rounds.map((round) => round.with),
    heapGrowthBytes: rounds.map(({ cost }) => cost.heapGrowthBytes),
    rssGrowthBytes: rounds.map(({ cost }) => cost.rssGrowthBytes),
  };
}

/** Of one round. */
interface Cost extends Pick<SlowReaderResult, 'bufferedBytesPerReader' | 'givenUp' | 'givenUpAfterMs'> {
  readonly heapGrowthBytes: number;
  readonly rssGrowthBytes: number;
}

/** The stalled readers come, their buffers are filled, the fast ones are measured, and the server gets rid of the stalled ones. */
async function withStalled(
  server: ServerProcess,
  talkers: readonly Talker[],
  { options, p99Ms }: { options: SlowReaderOptions; p99Ms: () => Promise<number> },
): Promise<{ with: number; cost: Cost }> {
  const before = await server.report(true);
  const givenUpBefore = await metric(server.url, 'goldenpath_slow_consumers_total');
  const stalled = await openAll(server.socketUrl, talkers, options.stalled);
  for (const socket of stalled) socket.pause();
  await fill(server.url, talkers, options.stalled);
  const startedMs = performance.now();
  const after = await server.report(true);
  const buffered = await metric(server.url, 'goldenpath_buffered_bytes');
  const measured = await p99Ms();
  const givenUp = async () => (await metric(server.url, 'goldenpath_slow_consumers_total')) - givenUpBefore;
  while ((await givenUp()) < options.stalled && performance.now() - startedMs < GIVE_UP_TIMEOUT_MS)
    await pause(POLL_MS);
  const cost = {
    heapGrowthBytes: after.heapBytes - before.heapBytes,
    rssGrowthBytes: after.rssBytes - before.rssBytes,
    bufferedBytesPerReader: buffered / options.stalled,
    givenUp: await givenUp(),
    givenUpAfterMs: performance.now() - startedMs,
  };
  for (const socket of stalled) socket.terminate();
  return { with: measured, cost };
}

/** Until what the kernel takes is full, and then what the server keeps. */
async function fill(url: string, talkers: readonly Talker[], stalled: number): Promise<void> {
  for (let burst = 0; burst < BURSTS_MAX; burst += 1) {
    await chat(url, talkers, BURST);
    if ((await metric(url, 'goldenpath_buffered_bytes')) >= stalled * BUFFER_HIGH_BYTES) return;
  }
  throw new Error('the stalled readers could not be filled');
}

async function talker(url: string, index: number): Promise<Talker> {
  const token = await registerAt(url, `talker-${index}@example.com`);
  const response = await fetch(`${url}/api/threads`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  return { token, threadId: z.object({ id: z.string() }).parse(await response.json()).id };
}

async function chat(
  url: string,
  talkers: readonly Talker[],
  how: { count: number; bytes: number; everyMs: number },
): Promise<void> {
  await Promise.all(
    talkers.map(async ({ token, threadId }) => {
      const response = await fetch(`${url}/test/chatter`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ thread_ids: [threadId], ...how }),
      });
      if (!response.ok) throw new Error(`chatter was answered with ${response.status}: ${await response.text()}`);
    }),
  );
}

async function openAll(socketUrl: string, talkers: readonly Talker[], count: number): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(HANDSHAKES_AT_ONCE, count - sockets.length) }, async (_, index) => {
      const token = talkers[(sockets.length + index) % talkers.length]?.token ?? '';
      const socket = new WebSocket(socketUrl, {
        headers: { authorization: `Bearer ${token}` },
        perMessageDeflate: false,
      });
      socket.on('error', () => undefined);
      await once(socket, 'message');
      return socket;
    });
    sockets.push(...(await Promise.all(batch)));
  }
  return sockets;
}

const TIMESTAMP = '"timestamp":"';

/** Reads the time of an event without parsing the rest. */
function noteLatency(latenciesMs: number[], data: WebSocket.RawData): void {
  if (!Buffer.isBuffer(data)) return;
  const at = data.indexOf(TIMESTAMP);
  if (at < 0) return;
  const text = data.toString('latin1', at + TIMESTAMP.length, at + TIMESTAMP.length + 24);
  latenciesMs.push(Date.now() - Date.parse(text));
}

async function metric(url: string, name: string): Promise<number> {
  const response = await fetch(`${url}/metrics`);
  return metricsOf(await response.text()).get(name) ?? 0;
}
