import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createIsolatedExecutionContext } from '../../src/context/isolated-execution-context.js';
import { AgentWebSocketBridge } from '../../src/events/agent-websocket-bridge.js';
import { RunLease, RunLeases } from '../../src/events/run-leases.js';
import {
  AuthenticationWebSocketEmitter,
  UnifiedWebSocketEmitter,
  UserWebSocketEmitter,
  WebSocketEventEmitter,
} from '../../src/events/unified-websocket-emitter.js';
import { nonCompliant, validateWebSocketInterfaces } from '../../src/events/validate-websocket-interfaces.js';
import { WebSocketBridgeFactory } from '../../src/events/websocket-bridge-factory.js';
import type { LegacyIds, WebSocketEmitterFactory } from '../../src/events/websocket-emitter-factory.js';
import type { OutgoingEvent, WebSocketManager } from '../../src/events/websocket-manager.js';
import { liveRun, storedRows } from '../support/event-log.js';
import { TestServer } from '../support/server.js';

let server: TestServer;
let factories: Record<string, WebSocketEmitterFactory>;

beforeAll(async () => {
  server = await TestServer.start();
  factories = {
    WebSocketBridgeFactory: server.get(WebSocketBridgeFactory),
    AgentWebSocketBridge: server.get(AgentWebSocketBridge),
  };
});
afterAll(() => server.stop());

class Recorder implements WebSocketManager {
  readonly events: OutgoingEvent[] = [];

  sendToThread(_threadId: string, event: OutgoingEvent): Promise<number> {
    return Promise.resolve(this.events.push(event));
  }

  room(): Promise<void> {
    return Promise.resolve();
  }
}

const context = () => createIsolatedExecutionContext({ userId: 'user-1', threadId: 'thread-1' });
const legacy: LegacyIds = { userId: 'user-1', threadId: 'thread-1' };

async function emitFive(emitter: UnifiedWebSocketEmitter): Promise<void> {
  await emitter.emitAgentStarted('data', { query: 'q' });
  await emitter.emitAgentThinking({ reasoning: 'r' });
  await emitter.emitToolExecuting({ tool_call_id: 't', tool: 'x', parameters: {} });
  await emitter.emitToolCompleted({ tool_call_id: 't', tool: 'x', success: true, result: {} });
  await emitter.emitAgentCompleted('data', { status: 'completed', result: {} });
}
const FIVE = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];

/** The seven scenarios of seeds/websocket-interface-standardization.md, under its names. */
describe('the interfaces of the emitters', () => {
  it('method name consistency across implementations', () => {
    const reports = validateWebSocketInterfaces(Object.values(factories));
    expect(Object.keys(reports).sort()).toEqual([
      'AgentWebSocketBridge',
      'UnifiedWebSocketEmitter',
      'WebSocketBridgeFactory',
    ]);
    for (const report of Object.values(reports)) expect(report.hasCreateUserEmitter).toBe(true);
    expect(reports['UnifiedWebSocketEmitter']?.hasCreateAuthEmitter).toBe(true);
  });

  it('parameter signature consistency', async () => {
    for (const factory of Object.values(factories)) {
      const fromContext = await factory.createUserEmitter(context());
      const fromIds = await factory.createUserEmitter(legacy);
      for (const emitter of [fromContext, fromIds]) {
        expect([emitter.userId, emitter.context?.threadId]).toEqual(['user-1', 'thread-1']);
        expect(emitter.context?.connectionId).toBe('conn_user-1_thread-1');
        expect(emitter.context?.requestId).toMatch(/\S/);
      }
      const withAll = { ...legacy, connectionId: 'c-1', runId: 'r-1', requestId: 'q-1' };
      expect((await factory.createUserEmitter(withAll)).context).toMatchObject(withAll);
      for (const wrong of [
        {},
        { userId: 'user-1' },
        { threadId: 'thread-1' },
        { userId: '', threadId: 'thread-1' },
        null,
      ]) {
        await expect(factory.createUserEmitter(wrong as unknown as LegacyIds)).rejects.toThrow(
          'Either userContext or (userId + threadId) required',
        );
      }
    }
  });

  it('factory method compatibility', async () => {
    expect([UserWebSocketEmitter, WebSocketEventEmitter, AuthenticationWebSocketEmitter]).toEqual([
      UnifiedWebSocketEmitter,
      UnifiedWebSocketEmitter,
      UnifiedWebSocketEmitter,
    ]);
    const manager = new Recorder();
    const made = [
      ...(await Promise.all(Object.values(factories).map((factory) => factory.createUserEmitter(context())))),
      UnifiedWebSocketEmitter.createUserEmitter(manager, context()),
      UnifiedWebSocketEmitter.createAuthEmitter(manager, 'user-1'),
      new UnifiedWebSocketEmitter(manager, 'user-1', context(), true),
    ];
    for (const emitter of made) expect(emitter).toBeInstanceOf(UnifiedWebSocketEmitter);
    expect(new Set(made).size).toBe(made.length);
  });

  it('websocket test framework interface consistency', () => {
    const ids = { userId: 'user-1', threadId: 'thread-1' };
    expect(createIsolatedExecutionContext({ ...ids, websocketClientId: 'ws-1' }).connectionId).toBe('ws-1');
    expect(
      createIsolatedExecutionContext({ ...ids, connectionId: 'c-1', websocketClientId: 'ws-1' }).connectionId,
    ).toBe('c-1');
  });

  it('ssot compliance across websocket implementations', () => {
    expect(nonCompliant(validateWebSocketInterfaces(Object.values(factories)))).toEqual([]);
    class NoFactory {
      readonly createUserEmitter = 'no method';
    }
    class TwoParameters {
      createUserEmitter(first: unknown, second: unknown): unknown[] {
        return [first, second];
      }
    }
    class HalfAnEmitter {
      static createUserEmitter(manager: unknown, userContext: unknown): unknown[] {
        return [manager, userContext];
      }
      static createAuthEmitter(manager: unknown, userId: unknown): unknown[] {
        return [manager, userId];
      }
      emitAgentStarted(): void {
        return undefined;
      }
    }
    const reports = validateWebSocketInterfaces([new NoFactory(), new TwoParameters()], HalfAnEmitter);
    expect(nonCompliant(reports).sort()).toEqual(['HalfAnEmitter', 'NoFactory', 'TwoParameters']);
    expect(reports['TwoParameters']).toMatchObject({ hasCreateUserEmitter: true, signatureCompatible: false });
    const nothing = {} as unknown as WebSocketManager;
    for (const make of [
      () => new UnifiedWebSocketEmitter(nothing, 'user-1'),
      () => UnifiedWebSocketEmitter.createUserEmitter(nothing, context()),
      () => UnifiedWebSocketEmitter.createAuthEmitter(nothing, 'user-1'),
    ]) {
      expect(make).toThrow('Invalid websocket manager - must implement sendToThread');
    }
  });

  it('agent websocket bridge to factory integration', async () => {
    const run = await liveRun(server.database);
    const leases = server.get(RunLeases);
    const lease = new RunLease({
      fence: run,
      threadId: run.threadId,
      userId: run.userId,
      writeFinal: () => Promise.reject(new Error('no final event here')),
      onFailure: () => undefined,
      onCancel: () => undefined,
    });
    leases.hold(lease);
    for (const factory of Object.values(factories)) await emitFive(await factory.createUserEmitter(run));
    await lease.settled();
    leases.release(lease);
    const rows = await storedRows(server.database, run.threadId);
    const types = rows.map(({ payload }) => (JSON.parse(payload) as { type: string }).type);
    expect(types).toEqual([...FIVE, ...FIVE]);
  });

  it('websocket event delivery interface consistency', async () => {
    const managers = [new Recorder(), new Recorder(), new Recorder()] as const;
    await emitFive(UnifiedWebSocketEmitter.createUserEmitter(managers[0], context()));
    await emitFive(UnifiedWebSocketEmitter.createAuthEmitter(managers[1], 'user-1', context()));
    await emitFive(new UnifiedWebSocketEmitter(managers[2], 'user-1', context(), true));
    const [first, ...others] = managers.map(({ events }) => events.map(({ type, fields }) => ({ type, fields })));
    expect(first?.map(({ type }) => type)).toEqual(FIVE);
    for (const other of others) expect(other).toEqual(first);
    const withoutContext = UnifiedWebSocketEmitter.createAuthEmitter(managers[0], 'user-1');
    await expect(withoutContext.emitAgentThinking({})).rejects.toMatchObject({ code: 'invalid_state' });
  });
});
