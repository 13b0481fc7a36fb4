import type { UnsubscribedFrame, UnsubscribeFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { SessionRecovery } from '../auth/session-recovery.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

@Injectable()
export class UnsubscribeHandler implements FrameHandler<'unsubscribe'> {
  constructor(private readonly recovery: SessionRecovery) {}

  handle(frame: UnsubscribeFrame, caller: Caller): UnsubscribedFrame {
    const threads = caller.subscriptions.unsubscribe(frame.all === true ? 'all' : (frame.threads ?? []));
    this.recovery.unfollowed(caller.identity, threads, frame.all === true);
    return { type: 'unsubscribed', threads };
  }
}
