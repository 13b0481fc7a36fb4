import type { CreateThreadFrame, ThreadCreatedFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { ThreadChanges } from '../threads/thread-changes.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

@Injectable()
export class CreateThreadHandler implements FrameHandler<'create_thread'> {
  constructor(private readonly changes: ThreadChanges) {}

  async handle(frame: CreateThreadFrame, caller: Caller): Promise<ThreadCreatedFrame> {
    return { type: 'thread_created', thread: await this.changes.create(caller.identity, frame.title) };
  }
}
