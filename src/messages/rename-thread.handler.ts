import type { RenameThreadFrame, ThreadRenamedFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { ThreadChanges } from '../threads/thread-changes.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

@Injectable()
export class RenameThreadHandler implements FrameHandler<'rename_thread'> {
  constructor(private readonly changes: ThreadChanges) {}

  async handle(frame: RenameThreadFrame, caller: Caller): Promise<ThreadRenamedFrame> {
    const thread = await this.changes.rename(caller.identity, frame.thread_id, frame.title);
    return { type: 'thread_renamed', thread };
  }
}
