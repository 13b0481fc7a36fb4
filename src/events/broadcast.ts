import type { ServiceCheck } from '../monitor/service-watch.js';
import type { ThreadNotice } from './thread-hub.js';

/** Whose texts, being written now, somebody wants to have so far. */
export interface WantedText {
  readonly userId: string;
  readonly threadId?: string;
}

/** What one process tells the others. A hint: it may be lost, late or doubled; positions in the log decide what is sent. */
export type BroadcastMessage =
  | {
      readonly kind: 'events';
      readonly threadId: string;
      readonly userId: string;
      readonly firstSeq: number;
      readonly lastSeq: number;
    }
  | ({ readonly kind: 'notice' } & ThreadNotice)
  /** Asks whoever writes texts of this user for the text so far; without a thread for all of them. */
  | ({ readonly kind: 'text_wanted' } & WantedText)
  /** A piece of the text so far, for those who asked. */
  | {
      readonly kind: 'text';
      readonly threadId: string;
      readonly userId: string;
      readonly messageId: string;
      readonly index: number;
      readonly piece: number;
      readonly isLast: boolean;
      readonly part: string;
    }
  /** Somebody wants this run to stop; its owner would read it with the next renewal of its lease anyway. */
  | { readonly kind: 'cancel'; readonly runId: string; readonly reason: string }
  /** A frame for all connections of a user. */
  | { readonly kind: 'user_notice'; readonly userId: string; readonly frame: string }
  /** The user has sent a message that counts against a limit. */
  | { readonly kind: 'message_spent'; readonly userId: string }
  /** The sender has told something new in its row of server_process. */
  | { readonly kind: 'process' };

/**
 * Fan-out between processes. `send` never waits and never throws; what can't be delivered is dropped. A process does not
 * receive its own messages. `start` resolves once messages of others arrive; a lost connection is restored by itself.
 */
export abstract class Broadcast {
  /** How to find out whether messages can travel; undefined where the database carries them, which is watched anyway. */
  abstract readonly check: ServiceCheck | undefined;

  abstract start(receive: (message: BroadcastMessage) => void): Promise<void>;
  abstract send(message: BroadcastMessage): void;
  abstract stop(): Promise<void>;
}
