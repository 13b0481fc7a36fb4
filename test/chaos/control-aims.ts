import { until } from '../support/until.js';
import type { ChaosUser } from './chaos-user.js';
import type { Fault, Target } from './fault.js';
import type { Topology } from './fleet.js';
import type { Random } from './random.js';
import { doubtfulScript } from './random-script.js';
import type { SabotageName } from './sabotage.js';
import type { ServerUnderTest } from './server-under-test.js';

/** The situation in which a sabotage does harm. */
export interface ControlAim {
  /** What has to come up, in the words of the report. */
  readonly situation: string;
  /** Brings it about, on what it observes and not by time; false when it did not come up. */
  readonly strike: Fault['strike'];
  readonly topology: Topology;
  readonly asks?: (random: Random) => string;
}

export const CONTROL_AIMS: Readonly<Record<SabotageName, ControlAim>> = {
  'fence-off': {
    situation: 'a worker was frozen until another one went on with its run',
    strike: freezeUntilTakenOver,
    topology: 'all+all',
    asks: doubtfulScript,
  },
  'publish-before-persist': {
    situation: 'a server was killed when a client had an event that was not stored',
    strike: killWhenSeen,
    topology: 'all',
  },
  'no-dedup': {
    situation: 'a message that had been accepted was accepted again',
    strike: submitAgain,
    topology: 'all+all',
  },
  'repeat-in-doubt': {
    situation: 'a server was killed between the effect and the end of a call',
    strike: killInDoubt,
    topology: 'all+all',
    asks: doubtfulScript,
  },
};

const OBSERVE_MS = 20_000;

async function freezeUntilTakenOver({ cluster, databaseUrl, fleet, takeOvers }: Target): Promise<boolean> {
  const server = serverOf(fleet.servers, await takeOvers.busiestOwner());
  if (server === undefined) return false;
  const isTakenOver = async (held: readonly { id: string; epoch: number }[]): Promise<boolean> => {
    const rows = await cluster.rows(
      databaseUrl,
      `SELECT 1 FROM unnest($1::uuid[], $2::int[]) AS held (id, epoch) JOIN run r ON r.id = held.id
       JOIN run_event e ON e.run_id = r.id AND e.epoch > held.epoch WHERE r.state = 'running' LIMIT 1`,
      [held.map(({ id }) => id), held.map(({ epoch }) => epoch)],
    );
    return rows.length > 0;
  };
  server.freeze();
  try {
    const held = await cluster.rows<{ id: string; epoch: number }>(
      databaseUrl,
      `SELECT id, epoch FROM run WHERE owner LIKE $1 || '-%' AND state = 'running'`,
      [String(server.pid)],
    );
    return held.length > 0 && (await comesUp(() => isTakenOver(held)));
  } finally {
    server.thaw();
  }
}

/** Kills the only server as soon as one of its clients has something new. */
async function killWhenSeen({ cluster, databaseUrl, fleet, users }: Target): Promise<boolean> {
  const [server] = fleet.servers;
  if (server?.isUp !== true) return false;
  const before = positions(users);
  const isNew = ([threadId, seq]: readonly [string, number]): boolean => seq > (before.get(threadId) ?? 0);
  if (!(await comesUp(() => [...positions(users)].some(isNew)))) return false;
  await server.end('SIGKILL');
  const seen = [...positions(users)].filter(isNew);
  fleet.restart(server, 0);
  const ahead = await cluster.rows(
    databaseUrl,
    `SELECT 1 FROM unnest($1::uuid[], $2::int[]) AS seen (thread_id, seq) JOIN thread t ON t.id = seen.thread_id AND t.last_seq < seen.seq`,
    [seen.map(([threadId]) => threadId), seen.map(([, seq]) => seq)],
  );
  return ahead.length > 0;
}

/** The last seq of each thread that a resuming client has. */
function positions(users: readonly ChaosUser[]): Map<string, number> {
  return new Map(
    users.flatMap(({ threadIds, viewers }) =>
      threadIds.map((id) => [id, Math.max(...viewers.map((viewer) => viewer.position(id)))] as const),
    ),
  );
}

async function submitAgain({ users }: Target, random: Random): Promise<boolean> {
  const user = random.pick(users);
  const before = repeatedAcceptances(user);
  await user.duplicate(random);
  return repeatedAcceptances(user) > before;
}

const repeatedAcceptances = ({ acceptances }: ChaosUser): number =>
  acceptances.length - new Set(acceptances.map(({ messageId }) => messageId)).size;

async function killInDoubt({ cluster, databaseUrl, fleet, effects }: Target): Promise<boolean> {
  const open = await cluster.rows<{ call: string; pid: number }>(
    databaseUrl,
    `SELECT e.payload->>'tool_call_id' AS call, split_part(r.owner, '-', 1)::int AS pid
     FROM run r JOIN run_event e ON e.run_id = r.id AND e.epoch = r.epoch AND e.type = 'tool_executing'
     WHERE r.state = 'running' AND NOT EXISTS (
       SELECT 1 FROM run_event c WHERE c.run_id = r.id AND c.type = 'tool_completed'
         AND c.payload->>'tool_call_id' = e.payload->>'tool_call_id'
     )`,
  );
  const happened = new Set(effects.all().map(({ toolCallId }) => toolCallId));
  const doubtful = open.find(({ call, pid }) => happened.has(call) && serverOf(fleet.servers, pid) !== undefined);
  const server = serverOf(fleet.servers, doubtful?.pid);
  if (doubtful === undefined || server === undefined) return false;
  await server.end('SIGKILL');
  fleet.restart(server, 0);
  // It may have come to its end while the signal was on its way.
  const ended = await cluster.rows(
    databaseUrl,
    `SELECT 1 FROM run_event WHERE type = 'tool_completed' AND payload->>'tool_call_id' = $1
       AND payload->'error'->>'code' IS DISTINCT FROM 'outcome_unknown'`,
    [doubtful.call],
  );
  return ended.length === 0;
}

const serverOf = (servers: readonly ServerUnderTest[], pid: number | undefined): ServerUnderTest | undefined =>
  servers.find((server) => server.isUp && server.pid === pid);

/** False when it has not come up in a time that is ample on a busy machine, too. */
const comesUp = (condition: () => boolean | Promise<boolean>): Promise<boolean> =>
  until(condition, { timeoutMs: OBSERVE_MS, message: 'the situation' }).then(
    () => true,
    () => false,
  );
