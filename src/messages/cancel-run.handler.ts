import type { CancelRunFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { Cancellation } from '../runs/cancellation.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

/** Stops a run. The sender reads run_cancelling before the final event. */
@Injectable()
export class CancelRunHandler implements FrameHandler<'cancel_run'> {
  constructor(private readonly cancellation: Cancellation) {}

  async handle(frame: CancelRunFrame, caller: Caller): Promise<undefined> {
    await caller.subscriptions.holding(async () => {
      await this.cancellation.request(caller.identity, frame.run_id, 'user_request');
      caller.answer({ type: 'run_cancelling', run_id: frame.run_id });
    });
  }
}
