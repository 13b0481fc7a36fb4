import { describe, expect, it } from '@jest/globals';
import { redact } from '../events/redact.js';
import { DIRECT_CALL, type ToolRecord } from '../tools/tool-call.js';
import { EMPTY_JOURNAL, type InDoubtCall } from './run-journal.js';
import { ToolReplay } from './tool-replay.js';

const PATH = 'supervisor/data';
const call = (toolCallId: string, conversation = DIRECT_CALL, parameters = { line: 'a' }): InDoubtCall => ({
  toolCallId,
  agentPath: PATH,
  tool: 'write_line',
  parameters,
  conversation,
});
const finished = (...fields: Parameters<typeof call>): ToolRecord => ({
  ...call(...fields),
  success: true,
  result: {},
});

const replay = (toolCalls: ToolRecord[], inDoubt: InDoubtCall[] = [], path = PATH): ToolReplay =>
  new ToolReplay({ ...EMPTY_JOURNAL, toolCalls, inDoubt }, path);

describe('what an earlier attempt did', () => {
  it('is handed out once each, in order, for the same tool and parameters', () => {
    const calls = replay([finished('1'), finished('2'), finished('3', DIRECT_CALL, { line: 'b' })]);
    expect(calls.take('other', { line: 'a' })).toBeUndefined();
    expect(calls.take('write_line', { line: 'a' })).toMatchObject({ toolCallId: '1' });
    expect(calls.take('write_line', { line: 'a' })).toMatchObject({ toolCallId: '2' });
    expect(calls.take('write_line', { line: 'a' })).toBeUndefined();
    expect(calls.take('write_line', { line: 'b' })).toMatchObject({ toolCallId: '3' });
  });

  it('is its own agent’s only', () => {
    expect(replay([finished('1')], [], 'supervisor/report').take('write_line', { line: 'a' })).toBeUndefined();
  });

  it('belongs to its conversation, or to the agent itself', () => {
    const calls = replay([finished('1', 0), finished('2', 1), finished('3')], [call('4', 1), call('5')]);
    expect(calls.takeConversation(0).map(({ toolCallId }) => toolCallId)).toEqual(['1']);
    expect(calls.takeInDoubt(0)).toEqual([]);
    expect(calls.takeInDoubt(1).map(({ toolCallId }) => toolCallId)).toEqual(['4']);
    expect(calls.takeConversation(1).map(({ toolCallId }) => toolCallId)).toEqual(['2']);
    expect(calls.take('write_line', { line: 'a' })).toMatchObject({ toolCallId: '3' });
    expect(calls.take('write_line', { line: 'a' })).toMatchObject({ inDoubt: { toolCallId: '5' } });
  });

  it('is recognised where members are undefined, and where the log shows parameters redacted and cut', () => {
    expect(replay([finished('1')]).take('write_line', { line: 'a', more: undefined })).toBeDefined();
    const parameters = { line: 'x'.repeat(3_000), password: 'hunter2' };
    const shown = redact(parameters) as { line: string };
    const calls = replay([], [call('2', DIRECT_CALL, shown)]);
    expect(calls.take('write_line', parameters)).toMatchObject({ inDoubt: { toolCallId: '2' } });
  });

  it('is remembered once it was refused', () => {
    const calls = replay([], [call('1', 0)]);
    expect(calls.refused('write_line', { line: 'a' })).toBeUndefined();
    const [doubtful] = calls.takeInDoubt(0);
    if (doubtful === undefined) throw new Error('no call in doubt');
    const record = calls.unknownOutcome(doubtful);
    expect(record).toMatchObject({ success: false, error: { code: 'outcome_unknown' } });
    expect(calls.refused('write_line', { line: 'a' })).toBe(record);
    expect(calls.refused('write_line', { line: 'b' })).toBeUndefined();
  });
});
