import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RunCancelled, RunHandedBack } from '../context/run-stop.js';
import type { RunFence } from '../events/event-append.js';
import { LostRunError } from '../events/lost-run-error.js';
import { RunLease, RunLeases } from '../events/run-leases.js';
import { Logger } from '../telemetry/logger.js';
import { OwnedRuns } from './owned-runs.js';
import type { Renewal, RunClaims } from './run-claims.js';

const lease = (runId: string, epoch = 1): RunLease =>
  new RunLease({
    fence: { runId, epoch },
    threadId: 'thread-1',
    userId: 'user-1',
    writeFinal: () => Promise.resolve(1),
    onFailure: () => undefined,
    onCancel: () => undefined,
  });

/** Renewals as the test wants them; by default everything is renewed. */
function owned() {
  const claims = {
    renew: (fences: readonly RunFence[]): Promise<Renewal[]> =>
      Promise.resolve(fences.map(({ runId }) => ({ runId, cancelReason: undefined }))),
  };
  // All that OwnedRuns asks of it.
  const runs = new OwnedRuns(new RunLeases(), claims as unknown as RunClaims, new Logger('silent'));
  const hold = (held: RunLease): AbortSignal => {
    const controller = new AbortController();
    runs.hold(held, controller);
    return controller.signal;
  };
  return { runs, claims, hold };
}

const ROUND_MS = 500;

describe('the runs of a process', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('belong to their last attempt: the one before stops, and what it lets go is its own', () => {
    const { runs, hold } = owned();
    const [first, second] = [lease('run-1', 1), lease('run-1', 2)];
    const [firstSignal, secondSignal] = [hold(first), hold(second)];
    expect(firstSignal.reason).toBeInstanceOf(LostRunError);
    runs.release(first);
    expect(runs.size).toBe(1);
    runs.cancel('run-1', 'test');
    expect(secondSignal.reason).toBeInstanceOf(RunCancelled);
    runs.release(second);
    expect([runs.size, jest.getTimerCount()]).toEqual([0, 0]);
  });

  it('stop when somebody else owns them, or wants them cancelled on another node', async () => {
    const { claims, hold } = owned();
    const [kept, lost, unwanted] = [hold(lease('kept')), hold(lease('lost')), hold(lease('unwanted'))];
    claims.renew = () =>
      Promise.resolve([
        { runId: 'kept', cancelReason: undefined },
        { runId: 'unwanted', cancelReason: 'elsewhere' },
      ]);
    await jest.advanceTimersByTimeAsync(ROUND_MS);
    expect(kept.aborted).toBe(false);
    expect(lost.reason).toBeInstanceOf(LostRunError);
    expect(unwanted.reason).toEqual(new RunCancelled('elsewhere'));
  });

  it('go on while renewals fail: their rows decide', async () => {
    const { claims, hold } = owned();
    claims.renew = () => Promise.reject(new Error('away'));
    const signal = hold(lease('run-1'));
    await jest.advanceTimersByTimeAsync(5 * ROUND_MS);
    expect(signal.aborted).toBe(false);
  });

  it('are handed back together, and so is one that comes after', () => {
    const { runs, hold } = owned();
    const signals = [hold(lease('run-1')), hold(lease('run-2'))];
    runs.handBackAll();
    for (const { reason } of signals) expect(reason).toBeInstanceOf(RunHandedBack);
    expect(hold(lease('run-3')).reason).toBeInstanceOf(RunHandedBack);
    expect(runs.toldToGoBack).toBe(3);
  });
});
