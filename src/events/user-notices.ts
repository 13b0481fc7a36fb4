import type { ServerFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import type { BroadcastMessage } from './broadcast.js';

type Deliver = (userId: string, frame: string) => void;

/**
 * Frames for all connections of a user, whichever process they are at. Hints: they are in no log, and a connection that misses one
 * gets nothing in its place.
 */
@Injectable()
export class UserNotices {
  private deliver: Deliver = () => undefined;
  private outlet: ((message: BroadcastMessage) => void) | undefined;

  /** Who has the connections of this process. */
  setDoor(deliver: Deliver): void {
    this.deliver = deliver;
  }

  /** Where to announce what is sent here, for the connections of other processes. */
  setOutlet(outlet: ((message: BroadcastMessage) => void) | undefined): void {
    this.outlet = outlet;
  }

  send(userId: string, frame: ServerFrame): void {
    const text = JSON.stringify(frame);
    this.deliver(userId, text);
    this.outlet?.({ kind: 'user_notice', userId, frame: text });
  }

  /** Another process sent it. */
  take(userId: string, frame: string): void {
    this.deliver(userId, frame);
  }
}
