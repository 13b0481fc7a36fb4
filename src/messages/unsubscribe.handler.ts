import type { UnsubscribedFrame, UnsubscribeFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

@Injectable()
export class UnsubscribeHandler implements FrameHandler<'unsubscribe'> {
  handle(frame: UnsubscribeFrame, caller: Caller): UnsubscribedFrame {
    const threads = caller.subscriptions.unsubscribe(frame.all === true ? 'all' : (frame.threads ?? []));
    return { type: 'unsubscribed', threads };
  }
}
