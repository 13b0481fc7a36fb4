import type { DeleteThreadFrame, ThreadDeletedFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { ThreadChanges } from '../threads/thread-changes.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

@Injectable()
export class DeleteThreadHandler implements FrameHandler<'delete_thread'> {
  constructor(private readonly changes: ThreadChanges) {}

  async handle(frame: DeleteThreadFrame, caller: Caller): Promise<ThreadDeletedFrame> {
    await this.changes.remove(caller.identity, frame.thread_id);
    return { type: 'thread_deleted', thread_id: frame.thread_id };
  }
}
