import { Injectable } from '@nestjs/common';
import type { BroadcastMessage } from './broadcast.js';

/**
 * What users spend of their limits, told among processes: a limit is then nearly the same whichever process a user talks to.
 * Hints: one that is late or lost lets a user send a little more.
 */
@Injectable()
export class SharedSpending {
  private listener: (userId: string) => void = () => undefined;
  private outlet: ((message: BroadcastMessage) => void) | undefined;

  /** Who counts what was spent elsewhere. */
  setListener(listener: (userId: string) => void): void {
    this.listener = listener;
  }

  /** Where to tell other processes. */
  setOutlet(outlet: ((message: BroadcastMessage) => void) | undefined): void {
    this.outlet = outlet;
  }

  /** The user has sent a message here. */
  tell(userId: string): void {
    this.outlet?.({ kind: 'message_spent', userId });
  }

  /** The user has sent one to another process. */
  take(userId: string): void {
    this.listener(userId);
  }
}
