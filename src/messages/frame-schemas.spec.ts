import { describe, expect, it } from '@jest/globals';
import { parseFrame } from './message-router.js';

describe('a field of a frame that is null', () => {
  it.each([
    ['user_message', { text: 'hi', thread_id: null, message_id: null, if_busy: null, agent: null, metadata: null }],
    ['subscribe', { threads: null, all: true }],
    ['create_thread', { title: null, id: null, user_id: null }],
    ['list_threads', { limit: null, cursor: null }],
    ['approve_tool', { run_id: 'r', tool_call_id: 't', approved: true, reason: null }],
  ] as const)('counts as absent in %s when it is optional', (type, fields) => {
    expect(Object.values(parseFrame(type, fields))).not.toContain(null);
  });

  it('counts as absent in the position of a thread', () => {
    const threads = [{ thread_id: 't', after_seq: null, log_id: null }];
    expect(parseFrame('subscribe', { threads })).toMatchObject({ threads: [{ thread_id: 't' }] });
  });

  it('stays in the metadata, which are the user’s own', () => {
    expect(parseFrame('user_message', { text: 'hi', metadata: { team: null } }).metadata).toEqual({ team: null });
  });

  it.each([
    ['user_message', { text: null }],
    ['ack', { thread_id: 't', seq: null }],
    ['subscribe', { threads: null, all: null }],
    ['subscribe', { threads: [null] }],
  ] as const)('is refused in %s when it is required', (type, fields) => {
    expect(() => parseFrame(type, fields)).toThrow(expect.objectContaining({ code: 'validation_failed' }));
  });
});
