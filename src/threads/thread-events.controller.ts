import { withSeq } from '@goldenpath/protocol';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiDefaultResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { AcceptsTicket } from '../auth/accepts-ticket.decorator.js';
import { CurrentIdentity } from '../auth/current-identity.decorator.js';
import type { Identity } from '../auth/identity.js';
import { AppError } from '../errors/app-error.js';
import { errorAnswer } from '../errors/error-answer.js';
import { fieldRefused } from '../errors/validation-failed.js';
import { EventLog } from '../events/event-log.js';
import { EventStreams } from './event-streams.js';
import { decodeNumberCursor, encodeCursor, pageOf } from './page-cursor.js';
import { eventsAnswer, eventsQuery, type EventsQuery } from './thread-bodies.js';
import { ThreadQueries } from './thread-queries.js';

/** The log of a thread, as it is: a page of it as JSON, or live as server-sent events, by Accept. */
@ApiTags('threads')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@AcceptsTicket()
@Controller('api/threads/:id/events')
export class ThreadEventsController {
  constructor(
    private readonly queries: ThreadQueries,
    private readonly log: EventLog,
    private readonly streams: EventStreams,
  ) {}

  @Get()
  @ApiParam({ name: 'id' })
  @ApiOperation({
    summary: 'Events after after_seq; with Accept: text/event-stream (and Last-Event-ID) the live stream',
  })
  @ApiOkResponse({ standardSchema: eventsAnswer })
  async events(
    @CurrentIdentity() identity: Identity,
    @Query({ schema: eventsQuery }) query: EventsQuery,
    @Res() response: Response,
  ): Promise<void> {
    const request = response.req;
    const threadId = String(request.params.id);
    response.vary('Accept');
    if (request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream') {
      const afterSeq = lastEventId(request) ?? query.after_seq;
      await this.streams.open(identity, { threadId, afterSeq }, response);
    } else {
      response.type('application/json').send(await this.page(identity, threadId, query));
    }
  }

  /** As text: the events are what the log has, byte for byte. */
  private async page(identity: Identity, threadId: string, query: EventsQuery): Promise<string> {
    const thread = await this.queries.find(identity, threadId);
    const afterSeq = query.cursor === undefined ? (query.after_seq ?? 0) : decodeNumberCursor('events', query.cursor);
    if (afterSeq > thread.last_seq) {
      throw new AppError('cursor_ahead', 'The thread has no event with this seq yet.', {
        details: { last_seq: thread.last_seq },
      });
    }
    const rows = await this.log.page(identity, { threadId, afterSeq, limit: query.limit + 1 });
    const page = pageOf(rows, query.limit, {
      item: ({ seq, text }) => withSeq(text, seq),
      cursor: ({ seq }) => encodeCursor('events', seq),
    });
    return `{"data":[${page.data.join(',')}],"next_cursor":${JSON.stringify(page.next_cursor)}}`;
  }
}

/** What an EventSource sends when it comes back. */
function lastEventId(request: Request): number | undefined {
  const id = request.get('last-event-id');
  if (id === undefined || id === '') return undefined;
  const seq = Number(id);
  if (!Number.isSafeInteger(seq) || seq < 0) throw fieldRefused('Last-Event-ID', 'Must be the seq of an event.');
  return seq;
}
