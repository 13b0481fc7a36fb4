import { UserExecutionContext } from '../context/user-execution-context.js';
import type {
  AuthenticationWebSocketEmitter,
  EmitterContext,
  UnifiedWebSocketEmitter,
} from './unified-websocket-emitter.js';
import { UnifiedWebSocketEmitter as Emitter } from './unified-websocket-emitter.js';
import type { WebSocketManager } from './websocket-manager.js';

/** Ids as older callers pass them, instead of a context. */
export interface LegacyIds {
  readonly userId: string;
  readonly threadId: string;
  /** Default `conn_<user>_<thread>`. */
  readonly connectionId?: string;
  readonly runId?: string;
  readonly requestId?: string;
}

/** Makes emitters from a context or from legacy ids. */
export interface WebSocketEmitterFactory {
  createUserEmitter(source: UserExecutionContext | LegacyIds): Promise<UnifiedWebSocketEmitter>;
}

/** What the emitter class itself offers. */
export interface WebSocketEmitterClass {
  createUserEmitter(manager: WebSocketManager, userContext: EmitterContext): UnifiedWebSocketEmitter;
  createAuthEmitter(
    manager: WebSocketManager,
    userId: string,
    userContext?: EmitterContext,
  ): AuthenticationWebSocketEmitter;
}

Emitter satisfies WebSocketEmitterClass;

/** The emitter context of a source. Throws where neither a context nor (userId + threadId) is given. */
export function emitterContext(source: UserExecutionContext | LegacyIds, nextId: () => string): EmitterContext {
  if (source instanceof UserExecutionContext) return source;
  if (!isLegacyIds(source)) throw new TypeError('Either userContext or (userId + threadId) required');
  return {
    userId: source.userId,
    threadId: source.threadId,
    connectionId: source.connectionId ?? `conn_${source.userId}_${source.threadId}`,
    runId: source.runId ?? nextId(),
    requestId: source.requestId ?? nextId(),
    agentPath: ['supervisor'],
  };
}

const isLegacyIds = (source: unknown): source is LegacyIds =>
  typeof source === 'object' &&
  source !== null &&
  'userId' in source &&
  'threadId' in source &&
  typeof source.userId === 'string' &&
  source.userId !== '' &&
  typeof source.threadId === 'string' &&
  source.threadId !== '';
