import type { CancelRunFrame, RunCancellingFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { Cancellation } from '../runs/cancellation.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

@Injectable()
export class CancelRunHandler implements FrameHandler<'cancel_run'> {
  constructor(private readonly cancellation: Cancellation) {}

  async handle(frame: CancelRunFrame, caller: Caller): Promise<RunCancellingFrame> {
    await this.cancellation.request(caller.identity, frame.run_id, 'user_request');
    return { type: 'run_cancelling', run_id: frame.run_id };
  }
}
