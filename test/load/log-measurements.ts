import type { BenchOptions } from './bench-options.js';
import { eventWriters, type WritersResult } from './event-writers.js';
import { firstEvent, type FirstEventResult } from './first-event.js';
import type { LoadUser } from './load-users.js';
import { withLogDatabase } from './log-database.js';
import { SINGLE_WARM_UP_RUNS, withClients, withServer } from './measurements.js';
import { replayEventsPerSecond, type Replay } from './replay.js';
import type { ServerCommand } from './server-process.js';
import { storeEvents } from './stored-events.js';

export const WRITERS = 100;
/** Clients that resume at once, a user and a connection each. */
export const REPLAY_CLIENTS = 10;
const THREADS_EACH = 10;

/** What the event log does by itself, and what it costs to have a large one. */
export interface LogMeasurements {
  readonly writers: WritersResult;
  readonly storedEvents: number;
  readonly replayEventsPerSecond: number;
  /** One client alone, as in Measurements, with so many events stored. */
  readonly grown: FirstEventResult;
}

/** Measures the log of a server that does not run at the moment; it ends with `options.storedEvents` more events in it. */
export async function measureLog(
  command: ServerCommand,
  users: readonly LoadUser[],
  { folder, options }: { folder: string; options: BenchOptions },
): Promise<LogMeasurements> {
  const readers = users.slice(0, REPLAY_CLIENTS);
  const eventsEach = Math.ceil(options.storedEvents / readers.length / THREADS_EACH);
  const { writers, threads } = await withLogDatabase(folder, options.databaseUrl, async (database) => ({
    writers: await eventWriters(database, WRITERS),
    threads: await storeEvents(
      database,
      readers.map(({ id }) => id),
      { threadsEach: THREADS_EACH, eventsEach },
    ),
  }));
  const replays = readers.flatMap(({ id, token }): Replay[] => {
    const thread = threads.find(({ userId }) => userId === id);
    return thread === undefined ? [] : [{ token, threadId: thread.threadId, events: eventsEach }];
  });
  return withServer(command, async (server) => ({
    writers,
    storedEvents: threads.length * eventsEach,
    grown: await withClients(
      server,
      users.slice(0, 1).map(({ token }) => token),
      ([client]) => {
        if (client === undefined) throw new Error('there is no user to ask as');
        return firstEvent(client, { warmUpRuns: SINGLE_WARM_UP_RUNS, runs: options.singleRuns });
      },
    ),
    replayEventsPerSecond: await replayEventsPerSecond(server, replays),
  }));
}
