import { describe, expect, it } from '@jest/globals';
import { LostRunError } from './lost-run-error.js';
import { RunLease, RunLeases } from './run-leases.js';

function lease(epoch: number) {
  const failures: unknown[] = [];
  const held = new RunLease({
    fence: { runId: 'run-1', epoch },
    threadId: 'thread-1',
    userId: 'user-1',
    writeFinal: () => Promise.resolve(1),
    onFailure: (error) => failures.push(error),
    onCancel: () => undefined,
  });
  return { held, failures };
}

describe('the leases of a process', () => {
  it('are for one attempt at a run: an earlier one gets none', () => {
    const leases = new RunLeases();
    const [first, second] = [lease(1).held, lease(2).held];
    leases.hold(first);
    expect(leases.get('run-1', 1)).toBe(first);
    leases.hold(second);
    expect(() => leases.get('run-1', 1)).toThrow(LostRunError);
    expect([leases.get('run-1', 2), leases.get('run-1')]).toEqual([second, second]);
    leases.release(first);
    expect(leases.get('run-1', 2)).toBe(second);
    leases.release(second);
    expect(() => leases.get('run-1')).toThrow(LostRunError);
    expect(leases.size).toBe(0);
  });
});

describe('a lease', () => {
  it('ends its run at the first append that fails, once, and lets nothing follow', async () => {
    const { held, failures } = lease(1);
    held.check();
    await held.track(Promise.resolve(1));
    await expect(held.track(Promise.reject(new Error('first')))).rejects.toThrow('first');
    await expect(held.track(Promise.reject(new Error('second')))).rejects.toThrow('second');
    await expect(held.settled()).rejects.toBeInstanceOf(LostRunError);
    expect(() => held.check()).toThrow(LostRunError);
    expect(failures).toEqual([new Error('first')]);
  });
});
