import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { until } from '../../test/support/until.js';
import { LostRunError } from './lost-run-error.js';
import { UnifiedWebSocketEmitter, type EmitterContext } from './unified-websocket-emitter.js';
import type { OutgoingEvent, WebSocketManager } from './websocket-manager.js';

const context: EmitterContext = {
  userId: 'user-1',
  threadId: 'thread-1',
  runId: 'run-1',
  requestId: 'request-1',
  agentPath: ['supervisor', 'data'],
};

/** Fewer than the emitter's attempts. */
const FAILURES_IN_A_ROW = 6;

/** Stores events; before some it throws as a broken line would, after some it throws as a lost answer would. */
class FakeManager implements WebSocketManager {
  readonly sent: OutgoingEvent[] = [];
  sends = 0;
  failure: () => 'before' | 'after' | undefined = () => undefined;
  private readonly tries = new Map<string, number>();

  async sendToThread(_threadId: string, event: OutgoingEvent): Promise<number> {
    this.sends += 1;
    // Which event meets which failure depends on timing in performance mode: none may meet only failures.
    const tries = (this.tries.get(event.eventId) ?? 0) + 1;
    this.tries.set(event.eventId, tries);
    const failure = tries > FAILURES_IN_A_ROW ? undefined : this.failure();
    if (failure === 'before') throw new Error('broken line');
    const known = event.isRetry ? this.sent.findIndex(({ eventId }) => eventId === event.eventId) : -1;
    if (known < 0) this.sent.push(event);
    await turn();
    if (failure === 'after') throw new Error('lost answer');
    return known < 0 ? this.sent.length : known + 1;
  }

  room(): Promise<void> {
    return Promise.resolve();
  }

  get types(): string[] {
    return this.sent.map(({ type }) => type);
  }
}

/** mulberry32: the same failures each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FIVE = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];

async function emitFive(emitter: UnifiedWebSocketEmitter): Promise<void> {
  await emitter.emitAgentStarted('data', { query: 'q' });
  await emitter.emitAgentThinking({ reasoning: 'r' });
  await emitter.emitToolExecuting({ tool_call_id: 't', tool: 'x', parameters: {} });
  await emitter.emitToolCompleted({ tool_call_id: 't', tool: 'x', success: true, result: {} });
  await emitter.emitAgentCompleted('data', { status: 'completed', result: {} });
}

describe('the emitter', () => {
  it.each([false, true])(
    'delivers all five events once under 50 %% send failures (performance mode %s)',
    async (fast) => {
      const random = seeded(669);
      const manager = new FakeManager();
      manager.failure = () => (random() < 0.5 ? (random() < 0.5 ? 'before' : 'after') : undefined);
      for (let round = 0; round < 20; round += 1)
        await emitFive(new UnifiedWebSocketEmitter(manager, 'user-1', context, fast));
      await until(() => manager.sent.length >= 100, { message: 'what lags' });
      expect(manager.sends).toBeGreaterThan(150);
      const inOrder = Array.from({ length: 20 }, () => FIVE).flat();
      if (!fast) expect(manager.types).toEqual(inOrder);
      // In performance mode what lags is sent again behind the rest; the event log fails as a whole instead.
      else expect([...manager.types].sort()).toEqual([...inOrder].sort());
      expect(new Set(manager.sent.map(({ eventId }) => eventId)).size).toBe(100);
    },
  );

  it('gives up at once when another attempt owns the run', async () => {
    const manager = new FakeManager();
    manager.sendToThread = () => {
      manager.sends += 1;
      return Promise.reject(new LostRunError('run-1'));
    };
    const emitter = new UnifiedWebSocketEmitter(manager, 'user-1', context);
    await expect(emitter.emitToolExecuting({})).rejects.toBeInstanceOf(LostRunError);
    expect(manager.sends).toBe(1);
  });

  it('says who, where and which attempt, counts thoughts, and redacts secrets but not the answer', async () => {
    const manager = new FakeManager();
    const emitter = new UnifiedWebSocketEmitter(manager, 'user-1', { ...context, epoch: 3 });
    await emitter.emitAgentThinking({ reasoning: 'one' });
    await emitter.emitAgentThinking({ reasoning: 'two' });
    await emitter.emitToolExecuting({ tool: 'x', parameters: { password: 'hunter2', tokens_total: 5 } });
    const long = `${'x'.repeat(3_000)} sk-0123456789abcdef0123`;
    await emitter.emitAgentCompleted('data', { result: { text: long }, response: long });
    await emitter.emitEvent('run_resumed', { attempt: 2 });
    expect(
      manager.sent.slice(0, 3).map(({ fields, userId, runId, epoch }) => ({ fields, userId, runId, epoch })),
    ).toEqual(
      [
        { agent: 'data', agent_path: ['supervisor', 'data'], step: 1, reasoning: 'one' },
        { agent: 'data', agent_path: ['supervisor', 'data'], step: 2, reasoning: 'two' },
        {
          agent: 'data',
          agent_path: ['supervisor', 'data'],
          tool: 'x',
          parameters: { password: '[redacted]', tokens_total: 5 },
        },
      ].map((fields) => ({ fields, userId: 'user-1', runId: 'run-1', epoch: 3 })),
    );
    expect(manager.sent[3]?.fields.response).toBe(long);
    expect(JSON.stringify(manager.sent[3]?.fields.result)).not.toContain('sk-0123');
    expect(manager.sent[4]?.fields).toEqual({ attempt: 2 });
  });

  it('needs a manager that can send, and a context of its user', () => {
    const nothing = {} as unknown as WebSocketManager;
    expect(() => new UnifiedWebSocketEmitter(nothing, 'user-1')).toThrow(
      'Invalid websocket manager - must implement sendToThread',
    );
    expect(() => new UnifiedWebSocketEmitter(new FakeManager(), 'user-2', context)).toThrow('differ');
  });
});
