import type { AnswerFrame } from '@goldenpath/protocol';
import type { Identity } from '../auth/identity.js';
import type { ThreadSubscriptions } from '../events/thread-subscriptions.js';

/** Who sent a frame: what a handler may know of the connection, and do with it. */
export interface Caller {
  readonly identity: Identity;
  readonly connectionId: string;
  /** The thread that the connection is bound to (`/ws?thread=`). */
  readonly boundThreadId: string | undefined;
  readonly subscriptions: ThreadSubscriptions;
  /** Answers before the handler is done, where the order of frames wants it; the handler then returns nothing. */
  answer(frame: AnswerFrame): void;
  /** Goes on with a newer token of the same user. */
  renew(identity: Identity): void;
}
