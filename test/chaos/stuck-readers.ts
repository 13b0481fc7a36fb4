import type { ChaosUser } from './chaos-user.js';
import type { Fault } from './fault.js';
import type { Fleet } from './fleet.js';
import type { ServerUnderTest } from './server-under-test.js';

/** How the connection of a reader ended that read nothing. */
export type StuckEnding = 'tooSlow' | 'withServer' | 'otherwise';

const ASK_MS = 2_000;
const GIVEN_UP = /^goldenpath_slow_consumers_total (\d+)$/m;

/** A reader that asks for much and reads nothing, until the server gives it up. Takes long, and its memory is the server's: one at a time. */
export const STUCK_READERS: readonly Fault[] = [
  {
    name: 'stuck reader',
    weight: 1,
    strike: async ({ users, fleet }, random) => stick(random.pick(users), fleet),
  },
];

/** Servers count whom they gave up as too slow; whoever was not, and whose server lived on, did not answer pings or lost its network. */
async function stick(user: ChaosUser, { servers }: Fleet): Promise<boolean> {
  const before = await Promise.all(servers.map(lookAt));
  const outcome = await user.hoard();
  if (outcome !== 'ended') return outcome === 'kept';
  const after = await Promise.all(servers.map(lookAt));
  user.noteStuck(endingOf(before, after));
  return true;
}

interface Look {
  readonly pid: number | undefined;
  readonly givenUp: number | undefined;
}

async function lookAt(server: ServerUnderTest): Promise<Look> {
  const { pid } = server;
  try {
    const answer = await fetch(`${server.url}/metrics`, { signal: AbortSignal.timeout(ASK_MS) });
    const count = GIVEN_UP.exec(await answer.text())?.[1];
    return { pid, givenUp: count === undefined ? undefined : Number(count) };
  } catch {
    return { pid, givenUp: undefined };
  }
}

function endingOf(before: readonly Look[], after: readonly Look[]): StuckEnding {
  const pairs = before.map((look, index) => ({ was: look, is: after[index] }));
  // A server that did not answer before may have given others up earlier.
  const hasMore = pairs.some(({ was, is }) => {
    const earlier = was.pid === is?.pid ? was.givenUp : 0;
    return is?.givenUp !== undefined && earlier !== undefined && is.givenUp > earlier;
  });
  if (hasMore) return 'tooSlow';
  return pairs.some(({ was, is }) => was.pid === undefined || was.pid !== is?.pid) ? 'withServer' : 'otherwise';
}
