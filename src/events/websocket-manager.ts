import type { ThreadEventType } from '@goldenpath/protocol';
import type { JsonObject } from '../context/json.js';
import type { EventEffects } from './event-append.js';

/** An event as an emitter hands it over. Fields are redacted already. */
export interface OutgoingEvent {
  readonly eventId: string;
  readonly type: ThreadEventType;
  readonly userId: string;
  readonly runId: string;
  /** The attempt at the run that it belongs to; undefined: whichever owns the run. */
  readonly epoch?: number | undefined;
  readonly fields: JsonObject;
  readonly effects?: EventEffects | undefined;
  /** True when an earlier send of this event failed: it may be stored all the same. */
  readonly isRetry: boolean;
}

/** What an emitter sends through. */
export interface WebSocketManager {
  /** Stores the event and hands it to everybody who follows the thread; resolves with its seq once it is on disk. */
  sendToThread(threadId: string, event: OutgoingEvent): Promise<number>;
  /** Resolves when more may be sent without waiting for each event. */
  room(threadId: string): Promise<void>;
}

/** Whether something can be an emitter's manager; emitters refuse anything else. */
export const isWebSocketManager = (manager: unknown): manager is WebSocketManager =>
  typeof manager === 'object' &&
  manager !== null &&
  'sendToThread' in manager &&
  typeof manager.sendToThread === 'function';
