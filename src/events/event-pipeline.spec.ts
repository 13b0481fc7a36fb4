import { describe, expect, it } from '@jest/globals';
import type { Append } from './event-append.js';
import { EventPipeline } from './event-pipeline.js';
import { LostRunError } from './lost-run-error.js';
import { RunLease, RunLeases } from './run-leases.js';
import type { OutgoingEvent } from './websocket-manager.js';

const event: OutgoingEvent = {
  eventId: 'event-1',
  type: 'agent_thinking',
  userId: 'user-1',
  runId: 'run-1',
  epoch: 1,
  fields: {},
  effects: undefined,
  isRetry: true,
};

/** A pipeline whose log is asked for an earlier try while another event of the run fails. */
function pipelineOf(earlier: number | undefined) {
  const lease = new RunLease({
    fence: { runId: 'run-1', epoch: 1 },
    threadId: 'thread-1',
    userId: 'user-1',
    writeFinal: () => Promise.resolve(1),
    onFailure: () => undefined,
    onCancel: () => undefined,
  });
  const leases = new RunLeases();
  leases.hold(lease);
  const appended: Append[] = [];
  const log = {
    append: (append: Append) => Promise.resolve(appended.push(append)),
    alreadyAppended: async () => {
      await lease.track(Promise.reject(new Error('not stored'))).catch(() => undefined);
      return earlier;
    },
    compose: () => ({ eventId: event.eventId, type: event.type, payload: '{}' }),
    room: () => Promise.resolve(),
  };
  return { pipeline: new EventPipeline(log, leases), appended };
}

describe('the way of an event that is sent again', () => {
  it('ends where another event of the run has failed meanwhile', async () => {
    const { pipeline, appended } = pipelineOf(undefined);
    await expect(pipeline.sendToThread('thread-1', event)).rejects.toBeInstanceOf(LostRunError);
    expect(appended).toEqual([]);
  });

  it('is not gone again when the first try is in the log', async () => {
    const { pipeline, appended } = pipelineOf(7);
    expect(await pipeline.sendToThread('thread-1', event)).toBe(7);
    expect(appended).toEqual([]);
  });
});
