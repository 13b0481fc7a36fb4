import { describe, expect, it } from '@jest/globals';
import type { LoadResult } from './closed-loop.js';
import type { FirstEventResult } from './first-event.js';
import { missedTargets } from './results-table.js';

const load: LoadResult = {
  ...{ runs: 1, runsPerSecond: 100, durableEventsPerSecond: 1, durableEventsPerRun: 1, runP50Ms: 1, runP99Ms: 1 },
  ...{ startedP50Ms: 1, startedP99Ms: 1, serverCpuMs: 1, clientCpuMs: 1 },
};
const single: FirstEventResult = { runs: 1, startedP50Ms: 15, startedP99Ms: 60, runP50Ms: 10 };
const measured = {
  ...{ load, whole: load, single },
  idle: { connections: 1, rssKilobytesPerConnection: 15, heapKilobytesPerConnection: 15 },
  log: {
    writers: { writers: 1, eventsPerSecond: 20_000, appendP50Ms: 1, appendP99Ms: 1 },
    ...{ storedEvents: 1, replayEventsPerSecond: 50_000, grown: { ...single, runP50Ms: 12 } },
  },
};

describe('the targets of the benchmark', () => {
  it('are met at their limits', () => {
    expect(missedTargets(measured)).toEqual([]);
  });

  it('are missed beyond them, too low or too high', () => {
    expect(
      missedTargets({
        ...measured,
        ...{ load: { ...load, runsPerSecond: 99.9 }, single: { ...single, startedP99Ms: 60.1 } },
        log: { ...measured.log, replayEventsPerSecond: 49_999 },
      }),
    ).toEqual([
      'runs/s, all clients: 99.9, at least 100 was the target',
      'agent_started p99, one client, ms: 60.10, at most 60 was the target',
      'replayed events/s: 49999, at least 50000 was the target',
    ]);
  });
});
