import type { GetThreadHistoryFrame, ThreadHistoryFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { PAGE_LIMIT_DEFAULT } from '../threads/page-cursor.js';
import { ThreadQueries } from '../threads/thread-queries.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

@Injectable()
export class GetThreadHistoryHandler implements FrameHandler<'get_thread_history'> {
  constructor(private readonly queries: ThreadQueries) {}

  async handle(frame: GetThreadHistoryFrame, caller: Caller): Promise<ThreadHistoryFrame> {
    const request = { limit: frame.limit ?? PAGE_LIMIT_DEFAULT, cursor: frame.cursor };
    const page = await this.queries.history(caller.identity, frame.thread_id, request);
    return { type: 'thread_history', thread_id: frame.thread_id, ...page };
  }
}
