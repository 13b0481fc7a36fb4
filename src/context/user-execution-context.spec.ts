import { describe, expect, it } from '@jest/globals';
import { AppError } from '../errors/app-error.js';
import { createIsolatedExecutionContext } from './isolated-execution-context.js';
import { DEPTH_MAX, UserExecutionContext } from './user-execution-context.js';
import { DEFAULT_PREFERENCES } from './user-preferences.js';

const make = (fields: { userId?: string; threadId?: string; runId?: string } = {}) =>
  createIsolatedExecutionContext({ userId: 'user-1', threadId: 'thread-1', ...fields });

describe('the context of an execution', () => {
  it.each(['', ' ', 'default', 'registry', 'Default', 'undefined', 'null', 'anonymous', 'x'.repeat(201)])(
    'refuses the placeholder %p in the place of an id',
    (placeholder) => {
      for (const field of ['userId', 'threadId', 'runId']) {
        expect(() => make({ [field]: placeholder })).toThrow(AppError);
      }
    },
  );

  it('can not be changed', () => {
    const context = make();
    expect(() => Object.assign(context, { userId: 'user-2' })).toThrow(TypeError);
    expect(() => Object.assign(context.agentPath, ['other'])).toThrow(TypeError);
  });

  it('has children of the same user, run and attempt, one level deeper, down to a limit', () => {
    const { userId, tenantId, threadId, runId, requestId, sessionId, connectionId, createdAt } = make();
    const ids = { userId, tenantId, threadId, runId, requestId, sessionId, connectionId, createdAt };
    const preferences = { ...DEFAULT_PREFERENCES, language: 'de' };
    const root = new UserExecutionContext({ ...ids, epoch: 4, metadata: { a: 1 }, preferences });
    const child = root.child('data');
    expect(child).toMatchObject({ ...ids, epoch: 4, metadata: { a: 1 }, preferences });
    expect(child.agentPath).toEqual([...root.agentPath, 'data']);
    expect([child.depth, child.parent]).toEqual([1, root]);
    let deepest = root;
    for (let depth = 0; depth < DEPTH_MAX; depth += 1) deepest = deepest.child('deeper');
    expect(() => deepest.child('too deep')).toThrow('nested');
  });
});

describe('createIsolatedExecutionContext', () => {
  it('takes the client’s id under both of its names', () => {
    const ids = { userId: 'user-1', threadId: 'thread-1' };
    const connection = (more: object) => createIsolatedExecutionContext({ ...ids, ...more }).connectionId;
    expect(connection({ websocketClientId: 'ws-1' })).toBe('ws-1');
    expect(connection({ connectionId: 'conn-1' })).toBe('conn-1');
    expect(connection({ connectionId: 'conn-1', websocketClientId: 'ws-1' })).toBe('conn-1');
    expect(connection({})).toBe('conn_user-1_thread-1');
  });

  it('shares nothing between two contexts', () => {
    const [one, two] = [make(), make()];
    for (const field of ['runId', 'requestId', 'sessionId', 'tenantId'] as const)
      expect(one[field]).not.toBe(two[field]);
  });
});
