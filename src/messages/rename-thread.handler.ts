import type { RenameThreadFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { ThreadChanges } from '../threads/thread-changes.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

/** The sender reads thread_renamed before the thread_updated that it causes. */
@Injectable()
export class RenameThreadHandler implements FrameHandler<'rename_thread'> {
  constructor(private readonly changes: ThreadChanges) {}

  async handle(frame: RenameThreadFrame, caller: Caller): Promise<undefined> {
    await caller.subscriptions.holding(async () => {
      const thread = await this.changes.rename(caller.identity, frame.thread_id, frame.title);
      caller.answer({ type: 'thread_renamed', thread });
    });
  }
}
