import type { BenchOptions } from './bench-options.js';
import { QUESTION, WHOLE_ANALYSIS } from './closed-loop.js';
import { REPLAY_CLIENTS, WRITERS } from './log-measurements.js';
import type { Measurements } from './measurements.js';

export interface Page {
  readonly table: string;
  readonly machine: readonly string[];
  readonly goldenpath: Measurements;
  readonly options: BenchOptions;
  readonly date: Date;
}

/** docs/benchmarks.md, made of what was just measured. */
export function resultsPage({ table, machine, goldenpath, options, date }: Page): string {
  const { clients, measureMs, warmUpMs, singleRuns, idleConnections } = options;
  const events = goldenpath.load.durableEventsPerRun.toFixed(0);
  return `# Benchmarks

Written by \`npm run bench -- --write\` on ${date.toISOString().slice(0, 10)}. Run \`npm run bench\` to measure your own machine; it writes nothing.

${table}

${machine.map((line) => `- ${line}`).join('\n')}
- ${options.databaseUrl === undefined ? 'embedded PostgreSQL with its default settings (fsync and synchronous_commit on)' : 'PostgreSQL of BENCH_DATABASE_URL'}

## What is measured

One run is the whole golden path: a message (“${QUESTION}”) goes in over a WebSocket, six agents (supervisor, triage, data, optimization, actions, report)
work with real tools on the user's own usage data (200 rows), about ${events} events go to the log on disk and from there to the client, and a
stored report comes out. The model is the built-in planner, so that no network and no provider is part of the figure.

- **All clients**: ${clients} users with a connection each ask, wait for the final event and ask again, each time in a new thread, for
  ${measureMs / 1_000} s after a warm-up of ${warmUpMs / 1_000} s. A run that does not complete, has fewer than six agents or fewer than 20 durable events fails the benchmark.
- **Whole analysis**: the same with “${WHOLE_ANALYSIS}”, which needs every tool that the data allows.
- **One client**: ${singleRuns} questions, one after the other; \`agent_started\` is timed from sending the message to the arrival of the supervisor's event,
  which is on disk by then, as is the message.
- **Idle connections**: ${idleConnections} authenticated connections that follow all threads of their users, in a fresh process, beside as many that
  are open already; memory after a full garbage collection, less that before.
- **Writers**: ${WRITERS} runs that append to the event log at once, without a socket: the real log with its fence and its group commit, in a process of
  its own; each appends its next event (450 bytes) when the one before is on disk.
- **Large log**: ${options.storedEvents.toLocaleString('en')} events more are stored. Then one client asks again, as in "one client", in a fresh process; and
  ${REPLAY_CLIENTS} connections resume a thread of ${Math.ceil(options.storedEvents / 100).toLocaleString('en')} events each from its beginning, all at once, timed to the last event of the last one.
- **CPU** is user and system time of the server's process, or of the load generator's, over the measured time.
- **bare ws** is a server that knows nobody, stores nothing and sends the same recorded frames at once for each message: what sockets, kernel and
  load generator cost alone, measured for a shorter time. Its CPU a run is part of Goldenpath's too.

The server runs as in production (\`NODE_ENV=production\`, logs at their default level); only the limits on messages, connections and sign-ups of
one address are raised. Server, PostgreSQL and load generator share the machine.
`;
}
