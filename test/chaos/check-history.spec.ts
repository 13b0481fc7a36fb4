import { describe, expect, it } from '@jest/globals';
import { RunLog } from '../../libs/protocol/src/run-log.fixture.js';
import { checkHistory } from './check-history.js';
import type { History, Invariant, StoredLogEvent, ViewerHistory } from './history.js';

/** A run that called a tool, was taken over, and called another one. */
const events = new RunLog('r1')
  .message()
  .begin('supervisor', 'supervisor/scripted')
  .executing('supervisor/scripted', 'c1')
  .succeeded('supervisor/scripted', 'c1')
  .executing('supervisor/scripted', 'c2')
  .resumed()
  .failed('supervisor/scripted', 'c2', 'outcome_unknown')
  .begin('supervisor', 'supervisor/scripted')
  .completed('supervisor/scripted')
  .final().events;
const TAKEN_OVER_AT = 9;

const log: readonly StoredLogEvent[] = events.map(({ seq, ...event }) => ({
  threadId: 't',
  seq,
  runId: 'r1',
  epoch: seq === 1 ? undefined : seq < TAKEN_OVER_AT ? 1 : 2,
  text: JSON.stringify(event),
}));

const seen = log.map(({ seq, text }) => ({
  connection: seq < 5 ? 1 : 2,
  threadId: 't',
  seq,
  text: `{"seq":${seq},${text.slice(1)}`,
}));

const viewer: ViewerHistory = { id: 'first', userId: 'u', resumes: true, events: seen, notices: [] };
const live: ViewerHistory = { ...viewer, id: 'live', resumes: false, events: seen.slice(3) };
const run = { id: 'r1', userId: 'u', threadId: 't', messageId: 'm', state: 'completed', epoch: 2 };
const effect = { userId: 'u', runId: 'r1', toolCallId: 'c1', label: 'call 1', idempotent: false, key: 'r1:c1' };

const good: History = {
  viewers: [viewer, live],
  acceptances: [{ userId: 'u', messageId: 'm', runId: 'r1' }],
  threads: [{ id: 't', userId: 'u', lastSeq: log.length }],
  runs: [run],
  log,
  effects: [effect],
  idempotentTools: [],
  noted: [],
};

const seenBy = (viewerEvents: ViewerHistory['events']): Partial<History> => ({
  viewers: [{ ...viewer, events: viewerEvents }],
});

/** The log and what was seen of it, changed in the same way. */
function relogged(change: (event: StoredLogEvent) => StoredLogEvent): Partial<History> {
  const changed = log.map(change);
  return {
    log: changed,
    viewers: [
      { ...viewer, events: seen.map((event, index) => ({ ...event, text: frameOf(changed[index] ?? log[0]) })) },
    ],
  };
}

const frameOf = (event: StoredLogEvent | undefined): string =>
  event === undefined ? '' : `{"seq":${event.seq},${event.text.slice(1)}`;

const replaced = (from: string, to: string) => (event: StoredLogEvent) => ({
  ...event,
  text: event.text.replace(from, to),
});

const WITHOUT_SEQ = (key: string, value: unknown): unknown => (key === 'seq' ? undefined : value);

/** A second run of the thread, whose events lie inside the first one. */
function interleaved(epoch: number): Partial<History> {
  const other = new RunLog('r2').message().begin('supervisor').final().events;
  const inside = other.map((event) => ({ runId: 'r2', epoch, text: JSON.stringify(event, WITHOUT_SEQ) }));
  const all = [...log.slice(0, 4), ...inside, ...log.slice(4)].map((event, index) => ({
    ...event,
    threadId: 't',
    seq: index + 1,
  }));
  return {
    log: all,
    threads: [{ id: 't', userId: 'u', lastSeq: all.length }],
    runs: [run, { ...run, id: 'r2', messageId: 'm2', state: 'cancelled' }],
    viewers: [],
  };
}

const brokenBy = (change: Partial<History>): Invariant[] => [
  ...new Set(checkHistory({ ...good, ...change }).map(({ invariant }) => invariant)),
];

describe('the checker of the chaos campaign', () => {
  it('finds nothing in a good history', () => {
    expect(checkHistory(good)).toEqual([]);
  });

  it('finds nothing in a run that was cancelled in the line while another one was live', () => {
    expect(brokenBy(interleaved(0))).toEqual([]);
  });

  it('passes on what the harness noted', () => {
    expect(brokenBy({ noted: [{ invariant: 'I3', detail: 'cursor_ahead' }] })).toEqual(['I3']);
  });

  const violations: readonly (readonly [Invariant, string, Partial<History>])[] = [
    ['I1', 'a client misses an event', seenBy(seen.filter(({ seq }) => seq !== 6))],
    ['I1', 'a client begins in the middle', seenBy(seen.slice(2))],
    ['I1', 'the log has a gap', { log: log.filter(({ seq }) => seq !== 3), viewers: [] }],
    [
      'I1',
      'last_seq is ahead of the log',
      { threads: [{ id: 't', userId: 'u', lastSeq: log.length + 1 }], viewers: [] },
    ],
    ['I2', 'a client gets an event twice', seenBy([...seen.slice(0, 5), ...seen.slice(4)])],
    [
      'I3',
      'a client gets other bytes',
      seenBy(seen.map((event) => ({ ...event, text: event.text.replace('because', 'because ') }))),
    ],
    [
      'I3',
      'a client sees what is not stored',
      seenBy([...seen, { ...viewer.events[0], connection: 2, threadId: 't', seq: seen.length + 1, text: '{}' }]),
    ],
    ['I3', 'a client does not get the end', seenBy(seen.slice(0, -1))],
    [
      'I4',
      'an old owner writes after the take-over',
      { log: log.map((event) => (event.seq === 12 ? { ...event, epoch: 1 } : event)) },
    ],
    ['I4', 'the log is in an epoch that the run never had', { runs: [{ ...run, epoch: 1 }] }],
    ['I5', 'a run ends twice', relogged(replaced('"type":"agent_thinking"', '"final":true,"type":"agent_thinking"'))],
    ['I5', 'a run ends without a final event', relogged(replaced('"final":true', '"final":false'))],
    [
      'I6',
      'the same message_id is answered with two runs',
      { acceptances: [...good.acceptances, { userId: 'u', messageId: 'm', runId: 'r9' }] },
    ],
    ['I7', 'an accepted run is still at work', { runs: [{ ...run, state: 'running' }] }],
    ['I7', 'an accepted run is gone', { acceptances: [{ userId: 'u', messageId: 'm2', runId: 'r2' }] }],
    [
      'I8',
      'an effect that must not be repeated is there twice',
      { effects: [effect, { ...effect, toolCallId: 'c2', key: 'r1:c2' }] },
    ],
    ['I8', 'a call has its effect twice', { effects: [effect, effect].map((each) => ({ ...each, idempotent: true })) }],
    [
      'I8',
      'an effect was never announced',
      { effects: [effect, { ...effect, label: 'call 9', toolCallId: 'c9', key: 'r1:c9' }] },
    ],
    ['I8', 'a call succeeded without its effect', { effects: [] }],
    ['I8', 'a call in doubt of an idempotent tool is not made again', { idempotentTools: ['sum'] }],
    [
      'I8',
      'a call in doubt that must not be repeated is',
      relogged(replaced('"tool_call_id":"c1"', '"retry_of":"c2","tool_call_id":"c1"')),
    ],
    ['I8', 'a call is given the key of another one', { effects: [{ ...effect, key: 'r1:c2' }] }],
    ['I9', 'two runs of a thread are live', interleaved(1)],
    ['I10', 'a client gets an event of another user', { viewers: [{ ...viewer, userId: 'v' }] }],
    [
      'I10',
      'a client gets a notice of another user',
      {
        viewers: [
          {
            ...viewer,
            notices: [{ type: 'text_delta', userId: undefined, threadId: 't' }],
            userId: 'v',
            events: [],
            resumes: false,
          },
        ],
      },
    ],
    ['I10', 'a tool worked for another user', { effects: [{ ...effect, userId: 'v' }] }],
    [
      'I10',
      'a run is in the thread of another user',
      { runs: [{ ...run, userId: 'v' }], effects: [{ ...effect, userId: 'v' }] },
    ],
    [
      'I11',
      'an agent that was open is not started again',
      {
        log: log.map((event) => (event.seq === 11 ? replaced('agent_started', 'thread_updated')(event) : event)),
        viewers: [],
      },
    ],
  ];

  it.each(violations)('finds %s: %s', (invariant, _what, change) => {
    expect(brokenBy(change)).toContain(invariant);
  });

  it('allows an idempotent tool to be called again', () => {
    const again = { ...effect, idempotent: true };
    expect(brokenBy({ effects: [again, { ...again, toolCallId: 'c2', key: 'r1:c2' }] })).toEqual([]);
  });
});
