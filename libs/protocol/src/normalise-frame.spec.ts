import { describe, expect, it } from '@jest/globals';
import { isClientFrameType } from './client-frames.js';
import { normaliseFrame, TYPE_ALIASES } from './normalise-frame.js';

const parse = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

describe('aliases of types', () => {
  it.each(['chat', 'chat_message', 'user', 'user_input', 'message', 'ai_request'])('%s is a user_message', (type) => {
    expect(normaliseFrame({ type, text: 'hi', id: '1' })).toEqual({ type: 'user_message', text: 'hi', id: '1' });
  });

  it.each(['start_agent', 'agent_request', 'execute_agent', 'agent'])('%s is a user_message with an agent', (type) => {
    const frame = normaliseFrame({ type, agent_name: 'data', user_request: 'hi' });
    expect(frame).toMatchObject({ type: 'user_message', agent: 'data', text: 'hi' });
  });

  it('stop_agent is cancel_run, and nothing else changes', () => {
    expect(normaliseFrame({ type: 'stop_agent', run_id: 'r', message: 'x' })).toEqual({
      type: 'cancel_run',
      run_id: 'r',
      message: 'x',
    });
  });

  it('lead to types that exist', () => {
    expect(Object.values(TYPE_ALIASES).every(isClientFrameType)).toBe(true);
  });
});

describe('the text', () => {
  it.each([
    [{ message: 'a' }],
    [{ content: 'a' }],
    [{ user_request: 'a' }],
    [{ payload: { text: 'a' } }],
    [{ data: { content: 'a' } }],
    [{ payload: { other: 1 }, data: { message: 'a' } }],
  ])('is found in %j', (fields) => {
    expect(normaliseFrame({ type: 'user_message', ...fields })).toMatchObject({ text: 'a' });
  });

  it('is taken from the root before an envelope, and by the order of names', () => {
    const frame = { type: 'chat', payload: { text: 'c' }, content: 'b', message: 'a' };
    expect(normaliseFrame(frame)).toMatchObject({ text: 'a' });
  });

  it('that is null is looked for as if it were absent', () => {
    expect(normaliseFrame({ type: 'chat', text: null, message: 'a' })).toMatchObject({ text: 'a' });
  });

  it('is not replaced when it is there but wrong', () => {
    expect(normaliseFrame({ type: 'chat', text: 7, message: 'a' })).toEqual({
      type: 'user_message',
      text: 7,
      message: 'a',
    });
  });

  it.each([['text'], [['text']], [null], [3]])('is not looked for in a payload that is %j', (payload) => {
    expect(normaliseFrame({ type: 'user_message', payload })).toEqual({ type: 'user_message', payload });
  });
});

describe('the agent', () => {
  it.each([
    [{ agent: 'a', agent_name: 'b' }],
    [{ agent_name: 'a', agent_type: 'b' }],
    [{ agent_type: 'a' }],
    [{ payload: { agent: 'a' } }],
  ])('is found in %j', (fields) => {
    expect(normaliseFrame({ type: 'agent', text: 'hi', ...fields })).toMatchObject({ agent: 'a' });
  });

  it('is looked for in the agent aliases only', () => {
    expect(normaliseFrame({ type: 'chat', text: 'hi', agent_type: 'a' })).not.toHaveProperty('agent');
  });
});

describe('the ids', () => {
  it.each([
    ['chat', { text: 'hi', payload: { thread_id: 't' } }, { thread_id: 't' }],
    ['message', { data: { text: 'hi', thread_id: 't', message_id: 'm' } }, { thread_id: 't', message_id: 'm' }],
    [
      'user_message',
      { payload: { text: 'hi', if_busy: 'reject', priority: 'low' } },
      { if_busy: 'reject', priority: 'low' },
    ],
    ['agent', { thread_id: null, payload: { text: 'hi', thread_id: 't' } }, { thread_id: 't' }],
    ['stop_agent', { payload: { run_id: 'r' } }, { run_id: 'r' }],
    ['cancel_run', { data: { run_id: 'r' } }, { run_id: 'r' }],
  ])('of a %s are found in %j', (type, fields, found) => {
    expect(normaliseFrame({ type, ...fields })).toMatchObject(found);
  });

  it('at the root come before those in an envelope, also when they are wrong', () => {
    const frame = { type: 'chat', text: 'hi', thread_id: 7, payload: { thread_id: 't' } };
    expect(normaliseFrame(frame)).toMatchObject({ thread_id: 7 });
  });

  it('of other frames are not looked for there', () => {
    const frame = { type: 'delete_thread', payload: { thread_id: 't' } };
    expect(normaliseFrame(frame)).toBe(frame);
  });
});

describe('frames that are left alone', () => {
  it.each([
    [{ type: 'user_message', text: 'hi' }],
    [{ type: 'ping' }],
    [{ type: 'nonsense' }],
    [{ type: 7 }],
    [{}],
    [{ type: 'cancel_run', message: 'x' }],
    [{ type: 'constructor' }],
    [{ type: 'toString' }],
    [{ type: '__proto__' }],
  ])('%j is returned as it is', (frame) => {
    expect(normaliseFrame(frame)).toBe(frame);
  });

  it('does not change the frame it was given', () => {
    const frame = Object.freeze({ type: 'chat', payload: Object.freeze({ text: 'hi' }) });
    expect(normaliseFrame(frame)).toEqual({ type: 'user_message', text: 'hi', payload: { text: 'hi' } });
  });

  it('takes nothing from a prototype and gives none', () => {
    const frame = normaliseFrame(parse('{"type":"chat","__proto__":{"text":"x","admin":true}}'));
    expect(frame.text).toBeUndefined();
    expect(frame.admin).toBeUndefined();
    expect(Object.getPrototypeOf(frame)).toBe(Object.prototype);
  });
});
