import type { AckFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { SessionRecovery } from '../auth/session-recovery.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

/** The client says what it has; there is no answer unless it claims more than the log has. */
@Injectable()
export class AckHandler implements FrameHandler<'ack'> {
  constructor(private readonly recovery: SessionRecovery) {}

  async handle(frame: AckFrame, caller: Caller): Promise<undefined> {
    await caller.subscriptions.ack(frame.thread_id, frame.seq);
    this.recovery.acknowledged(caller.identity, frame.thread_id, frame.seq);
    return undefined;
  }
}
