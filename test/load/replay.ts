import { LoadClient } from './load-client.js';
import type { ServerProcess } from './server-process.js';

/** One round that is not measured, then these. */
const ROUNDS = 3;

export interface Replay {
  readonly token: string;
  readonly threadId: string;
  readonly events: number;
}

/** Events a second that clients get which come back and have missed everything, all at once. */
export async function replayEventsPerSecond(server: ServerProcess, replays: readonly Replay[]): Promise<number> {
  await replayAll(server, replays);
  let seconds = 0;
  for (let round = 0; round < ROUNDS; round += 1) seconds += await replayAll(server, replays);
  return (ROUNDS * replays.reduce((sum, { events }) => sum + events, 0)) / seconds;
}

/** In seconds, from the first subscribe to the last event. */
async function replayAll(server: ServerProcess, replays: readonly Replay[]): Promise<number> {
  const url = `${server.socketUrl}?follow=none`;
  const clients = await Promise.all(replays.map(({ token }) => LoadClient.open(url, token)));
  const startMs = performance.now();
  await Promise.all(clients.map((client, index) => replayed(client, replays[index])));
  const seconds = (performance.now() - startMs) / 1_000;
  await Promise.all(clients.map((client) => client.close()));
  return seconds;
}

const replayed = (client: LoadClient, replay: Replay | undefined): Promise<void> =>
  replay === undefined ? Promise.resolve() : client.resume(replay.threadId, replay.events);
