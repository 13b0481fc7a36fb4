import { describe, expect, it } from '@jest/globals';
import { ANSWER_TYPES, isAnswerTo } from './answers.js';
import { CLIENT_FRAME_TYPES, isClientFrameType } from './client-frames.js';
import { jsonRpcErrorCode } from './json-rpc.js';
import { AGENT_STATUSES, isTerminalRunState, RUN_STATES, TERMINAL_RUN_STATES } from './run-states.js';
import { isServerFrameType, isThreadEvent, type PongFrame } from './server-frames.js';
import { CRITICAL_EVENTS, EVENT_TYPES, isEventType } from './thread-events.js';

describe('types of frames', () => {
  it('are known to each side', () => {
    expect(CLIENT_FRAME_TYPES).toHaveLength(14);
    expect(CLIENT_FRAME_TYPES.every(isClientFrameType)).toBe(true);
    expect(EVENT_TYPES).toHaveLength(10);
    expect(EVENT_TYPES.every((type) => isEventType(type) && isServerFrameType(type))).toBe(true);
    expect(CRITICAL_EVENTS.every(isEventType)).toBe(true);
  });

  it.each(['constructor', '__proto__', 'hasOwnProperty', '', 7, null])('%p is none', (type) => {
    expect([isClientFrameType(type), isEventType(type), isServerFrameType(type)]).toEqual([false, false, false]);
  });

  it('have an answer each, but for ack', () => {
    expect(Object.keys(ANSWER_TYPES).sort()).toEqual(CLIENT_FRAME_TYPES.filter((type) => type !== 'ack').sort());
    expect(Object.values(ANSWER_TYPES).every(isServerFrameType)).toBe(true);
  });

  it('tell answers and events apart', () => {
    const pong: PongFrame = { type: 'pong', server_time: '' };
    expect([isAnswerTo('ping', pong), isAnswerTo('heartbeat', pong), isThreadEvent(pong)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('run states', () => {
  it('are nine, the last five terminal, which are also the ways an agent ends', () => {
    expect(RUN_STATES).toHaveLength(9);
    expect(RUN_STATES.filter(isTerminalRunState)).toEqual([...TERMINAL_RUN_STATES]);
    expect([...AGENT_STATUSES].sort()).toEqual(['cancelled', 'completed', 'dead', 'failed', 'timeout']);
  });
});

describe('JSON-RPC error codes', () => {
  it.each([
    ['invalid_json', -32700],
    ['invalid_frame', -32600],
    ['unknown_type', -32601],
    ['validation_failed', -32602],
    ['queue_full', -32000],
  ] as const)('%s is %i', (code, expected) => {
    expect(jsonRpcErrorCode(code)).toBe(expected);
  });
});
