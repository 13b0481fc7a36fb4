import { describe, expect, it } from '@jest/globals';
import { checkRunGrammar, RunGrammar } from './run-grammar.js';
import { RunLog } from './run-log.fixture.js';
import type { ThreadEvent } from './thread-events.js';

const S = 'supervisor';
const D = 'supervisor/data';
const begun = () => new RunLog().message().begin(S);
const withData = () => begun().begin(D);
const check = (log: RunLog) => checkRunGrammar(log.events);

describe('a run that keeps the grammar', () => {
  it.each([
    ['the shortest', begun().final()],
    [
      'agents one after the other',
      withData().completed(D).begin('supervisor/report').completed('supervisor/report').final(),
    ],
    ['agents three levels deep', withData().begin(`${D}/sum`).completed(`${D}/sum`, D).final()],
    [
      'tool calls that overlap',
      withData().executing(D, 'a').executing(D, 'b').succeeded(D, 'a').failed(D, 'b').completed(D).final(),
    ],
    [
      'thoughts between',
      withData().executing(D, 'a').thinking(D).succeeded(D, 'a').thinking(D).completed(D).thinking(S).final(),
    ],
    ['an agent that fails', withData().error(D).completed(D).error(S).final()],
    [
      'a retry of a failed call',
      withData().executing(D, 'a').failed(D, 'a').executing(D, 'b', 'a').succeeded(D, 'b').completed(D).final(),
    ],
    ['an approval', withData().approval(D).executing(D, 'x').succeeded(D, 'x').completed(D).final()],
  ])('%s', (_name, log) => {
    expect(check(log)).toEqual([]);
  });

  it('passes over events without a run, and checks the runs of a thread apart', () => {
    const first = begun().final().events;
    const second = new RunLog('r2').message().begin(S).final().events;
    const thread = { id: 't', title: null, created_at: '', updated_at: '', last_seq: 1, message_count: 1 };
    const header = { seq: 9, event_id: 'e', thread_id: 't', user_id: 'u', timestamp: '' };
    const updated: ThreadEvent = { ...header, type: 'thread_updated', thread };
    const queued = [...first.slice(0, 2), ...second.slice(0, 1), ...first.slice(2), updated, ...second.slice(1)];
    expect(checkRunGrammar(queued)).toEqual([]);
  });
});

describe('a run taken over that keeps the grammar', () => {
  it.each([
    ['before the supervisor started', new RunLog().message().resumed().begin(S).final()],
    [
      'between two agents',
      withData().completed(D).resumed().begin(S).begin('supervisor/report').completed('supervisor/report').final(),
    ],
    ['inside an agent', withData().executing(D, 'a').succeeded(D, 'a').resumed().begin(S, D).completed(D).final()],
    ['before an agent thought', begun().started(D).resumed().begin(S, D).completed(D).final()],
    ['after an agent_error', withData().error(D).resumed().begin(S, D).error(D).completed(D).final()],
    [
      'with calls open, one retried',
      withData()
        .executing(D, 'a')
        .executing(D, 'b')
        .resumed()
        .failed(D, 'b', 'outcome_unknown')
        .failed(D, 'a', 'outcome_unknown')
        .begin(S, D)
        .executing(D, 'c', 'a')
        .succeeded(D, 'c')
        .completed(D)
        .final(),
    ],
    [
      'again in the middle of a take-over',
      withData()
        .executing(D, 'a')
        .executing(D, 'b')
        .resumed()
        .failed(D, 'a', 'outcome_unknown')
        .resumed()
        .failed(D, 'b', 'outcome_unknown')
        .begin(S)
        .resumed()
        .begin(S, D)
        .completed(D)
        .final(),
    ],
  ])('%s', (_name, log) => {
    expect(check(log)).toEqual([]);
  });
});

describe('a violation', () => {
  it.each([
    ['no message_created first', new RunLog().begin(S).final(), 'begins with agent_started'],
    ['a second message_created', begun().message().final(), 'message_created is not the first event'],
    [
      'no supervisor',
      new RunLog().message().begin(D).completed(D),
      'agent supervisor/data started where the supervisor should',
    ],
    [
      'an end without a start',
      new RunLog().message().final(),
      'agent_completed before agent_started of the supervisor',
    ],
    ['no final event', withData().completed(D), 'run r1: the run has no final event'],
    ['something after the final event', begun().final().thinking(S), 'agent_thinking after the final event'],
    ['a root end that is not final', begun().completed(S), 'agent_completed of the supervisor is not final'],
    ['a final event of a sub-agent', withData().final('x', D), 'agent_completed of supervisor/data is final'],
    ['an empty answer', begun().final(''), 'empty response'],
    ['an agent without a thought', begun().started(D).completed(D).final(), 'completed without an agent_thinking'],
    [
      'a tool before the thought',
      begun().started(D).executing(D, 'a'),
      'tool_executing of supervisor/data before its agent_thinking',
    ],
    [
      'a child before the thought',
      new RunLog().message().started(S).begin(D),
      'agent_started of supervisor before its agent_thinking',
    ],
    [
      'an error before the thought',
      begun().started(D).error(D),
      'agent_error of supervisor/data before its agent_thinking',
    ],
    [
      'an approval before the thought',
      begun().started(D).approval(D),
      'tool_approval_requested of supervisor/data before',
    ],
    [
      'a path used twice',
      withData().completed(D).begin(D).completed(D).final(),
      'supervisor/data is started a second time',
    ],
    ['a level left out', begun().begin(`${D}/sum`), 'agent supervisor/data/sum started inside supervisor'],
    [
      'two agents side by side',
      withData().begin('supervisor/report'),
      'agent supervisor/report started inside supervisor/data',
    ],
    [
      'the parent at work inside a child',
      withData().thinking(S),
      'agent_thinking of supervisor while supervisor/data is open',
    ],
    ['a parent that ends first', withData().final(), 'agent_completed of supervisor while supervisor/data is open'],
    ['an event of an agent that is over', withData().completed(D).thinking(D), 'supervisor/data, which is not open'],
    [
      'a thought after the error',
      withData().error(D).thinking(D),
      'agent_thinking of supervisor/data after its agent_error',
    ],
    [
      'a tool after the error',
      withData().error(D).executing(D, 'a'),
      'tool_executing of supervisor/data after its agent_error',
    ],
    [
      'a tool open at the end',
      withData().executing(D, 'a').completed(D),
      'agent_completed of supervisor/data with tool call a open',
    ],
    [
      'a tool open at the error',
      withData().executing(D, 'a').error(D),
      'agent_error of supervisor/data with tool call a open',
    ],
    ['a tool open when a child starts', begun().executing(S, 'a').begin(D), 'started with a tool call open'],
    [
      'a tool completed twice',
      withData().executing(D, 'a').succeeded(D, 'a').succeeded(D, 'a'),
      'completed a second time',
    ],
    ['a tool never executed', withData().succeeded(D, 'a'), 'tool call a completed without tool_executing'],
    [
      'a tool executed twice',
      withData().executing(D, 'a').succeeded(D, 'a').executing(D, 'a'),
      'executed a second time',
    ],
    ['another tool completed', withData().executing(D, 'a').succeeded(D, 'a', 'avg'), 'completed as avg'],
    [
      'a retry of what succeeded',
      withData().executing(D, 'a').succeeded(D, 'a').executing(D, 'b', 'a'),
      'retries a, which is succeeded',
    ],
    ['a retry of nothing', withData().executing(D, 'b', 'a'), 'tool call b retries a, which is unknown'],
    ['another attempt out of nowhere', begun().started(D, 2), 'started with attempt 2 in attempt 1'],
  ])('%s', (_name, log, violation) => {
    expect(check(log).join('\n')).toContain(violation);
  });

  it('names run and seq', () => {
    expect(check(begun().message().final())).toEqual(['run r1, seq 4: message_created is not the first event']);
  });
});

describe('a violation after a take-over', () => {
  it.each([
    ['the same attempt', withData().resumed(1), 'run_resumed with attempt 1 after attempt 1'],
    ['an attempt left out', withData().resumed(3), 'run_resumed with attempt 3 after attempt 1'],
    ['a restart in the old attempt', begun().resumed().started(S, 1), 'supervisor started with attempt 1 in attempt 2'],
    [
      'an agent that goes on unstarted',
      withData().resumed().begin(S).thinking(D),
      'not started again after the take-over',
    ],
    ['the inner agent first', withData().resumed().begin(D), 'supervisor/data started before supervisor'],
    [
      'a restart before the thought',
      withData().resumed().started(S).started(D),
      'agent_started of supervisor before its agent_thinking',
    ],
    [
      'a new agent first',
      withData().resumed().begin(S).begin('supervisor/report'),
      'supervisor/report started before supervisor/data',
    ],
    [
      'an agent forgotten',
      withData().resumed().begin(S).final(),
      'agent_completed of supervisor before supervisor/data was started',
    ],
    [
      'a completed agent repeated',
      withData().completed(D).resumed().begin(S).begin(D),
      'supervisor/data is started a second time',
    ],
    [
      'an open call left open',
      withData().executing(D, 'a').resumed().started(S),
      'agent_started before the tool calls open at the take-over',
    ],
    [
      'an open call closed as success',
      withData().executing(D, 'a').resumed().succeeded(D, 'a'),
      'not closed as outcome_unknown',
    ],
    [
      'an open call closed as failure',
      withData().executing(D, 'a').resumed().failed(D, 'a'),
      'not closed as outcome_unknown',
    ],
    ['run_resumed after the end', begun().final().resumed(), 'run_resumed after the final event'],
  ])('%s', (_name, log, violation) => {
    expect(check(log).join('\n')).toContain(violation);
  });
});

describe('a run that still works', () => {
  it('has no violation until it is said to be over', () => {
    const grammar = new RunGrammar();
    expect(begun().events.flatMap((event) => grammar.accept(event))).toEqual([]);
    expect(grammar.end()).toEqual(['the run has no final event']);
  });
});
