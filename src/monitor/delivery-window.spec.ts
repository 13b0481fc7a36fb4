import { describe, expect, it } from '@jest/globals';
import { DeliveryWindow, type DeliveryEvidence } from './delivery-window.js';
import { healthOf, worstOf } from './path-health.js';

const WINDOW_MS = 300_000;
const NONE: ReadonlySet<string> = new Set();

/** A window with a run of `count` events in a thread, at time 0. */
function windowWith(count: number, runId = 'run', threadId = 'thread'): DeliveryWindow {
  const window = new DeliveryWindow(WINDOW_MS);
  for (let seq = 1; seq <= count; seq += 1) {
    window.emitted(threadId, { seq, type: 'agent_completed', runId }, 0);
  }
  return window;
}

const evidence = (fields: Partial<DeliveryEvidence>): DeliveryEvidence => ({
  ...{ run_id: 'run', first_seq: null, sent_seq: null, acked_seq: null, failed_seq: null },
  ...fields,
});
const countsOf = (window: DeliveryWindow, nowMs = 0) => window.counts(nowMs).get('agent_completed');

describe('the window of critical events', () => {
  it('counts an event as delivered when a connection was sent it, or acknowledged it', () => {
    const window = windowWith(4);
    window.settle([evidence({ first_seq: 2, sent_seq: 3 })], NONE);
    expect(countsOf(window)).toEqual({ emitted: 4, delivered: 2, failed: 0, pending: 2 });
    window.settle([evidence({ acked_seq: 4 })], NONE);
    expect(countsOf(window)).toEqual({ emitted: 4, delivered: 4, failed: 0, pending: 0 });
    expect(window.openRuns).toEqual([]);
  });

  it('counts as failed what was lost with its connection or is held back, until somebody gets it', () => {
    const window = windowWith(3);
    window.settle([evidence({ first_seq: 1, sent_seq: 1, failed_seq: 2 })], NONE);
    expect(countsOf(window)).toEqual({ emitted: 3, delivered: 1, failed: 1, pending: 1 });
    window.settle([], new Set(['thread']));
    expect(countsOf(window)).toEqual({ emitted: 3, delivered: 1, failed: 2, pending: 0 });
    window.settle([evidence({ first_seq: 2, sent_seq: 3, failed_seq: 2 })], NONE);
    expect(countsOf(window)).toEqual({ emitted: 3, delivered: 3, failed: 0, pending: 0 });
  });

  it('forgets what is older than it is long', () => {
    const window = windowWith(3);
    window.expire(WINDOW_MS + 20_000);
    expect(countsOf(window, WINDOW_MS + 20_000)).toEqual({ emitted: 0, delivered: 0, failed: 0, pending: 0 });
    expect(window.openRuns).toEqual([]);
  });

  it('is bounded: beyond that the oldest runs are not counted at all', () => {
    const window = windowWith(100_000, 'old');
    window.emitted('thread', { seq: 1, type: 'agent_completed', runId: 'new' }, 0);
    expect(window.openRuns).toEqual(['new']);
    expect(countsOf(window)).toEqual({ emitted: 1, delivered: 0, failed: 0, pending: 1 });
  });
});

describe('the state of the path', () => {
  it.each([
    [{ delivered: 98, failed: 2 }, 'HEALTHY', 0.98],
    [{ delivered: 979, failed: 21 }, 'WARNING', 0.979],
    [{ delivered: 95, failed: 5 }, 'WARNING', 0.95],
    [{ delivered: 94, failed: 6 }, 'AT_RISK', 0.94],
    [{ delivered: 0, failed: 1 }, 'AT_RISK', 0],
    [{ delivered: 0, failed: 0 }, 'NO_DATA', null],
  ] as const)('%j: %s', (counts, status, rate) => {
    expect(healthOf(counts)).toEqual({ success_rate: rate, status });
  });

  it('is that of its worst event, and unknown where nothing is known', () => {
    expect(worstOf(['HEALTHY', 'NO_DATA', 'WARNING'])).toBe('WARNING');
    expect(worstOf(['HEALTHY', 'AT_RISK'])).toBe('AT_RISK');
    expect(worstOf(['NO_DATA', 'HEALTHY'])).toBe('HEALTHY');
    expect(worstOf(['NO_DATA'])).toBe('NO_DATA');
  });
});
