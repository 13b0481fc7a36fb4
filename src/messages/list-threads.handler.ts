import type { ListThreadsFrame, ThreadsFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { PAGE_LIMIT_DEFAULT } from '../threads/page-cursor.js';
import { ThreadQueries } from '../threads/thread-queries.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

@Injectable()
export class ListThreadsHandler implements FrameHandler<'list_threads'> {
  constructor(private readonly queries: ThreadQueries) {}

  async handle(frame: ListThreadsFrame, caller: Caller): Promise<ThreadsFrame> {
    const limit = frame.limit ?? PAGE_LIMIT_DEFAULT;
    return { type: 'threads', ...(await this.queries.list(caller.identity, { limit, cursor: frame.cursor })) };
  }
}
