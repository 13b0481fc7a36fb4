import type { WireMessage } from '@goldenpath/protocol';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiDefaultResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { z } from 'zod';
import { CurrentIdentity } from '../auth/current-identity.decorator.js';
import type { Identity } from '../auth/identity.js';
import { JsonBodyGuard } from '../auth/json-body.guard.js';
import { AppError } from '../errors/app-error.js';
import { errorAnswer } from '../errors/error-answer.js';
import { Admission } from '../runs/admission.js';
import { Ids } from '../telemetry/ids.js';
import { PAGE_QUERY, type PageQuery } from './message-fields.js';
import { MessageRate } from './message-rate.js';
import type { Page } from './page-cursor.js';
import { acceptedAnswer, messageBody, messagesAnswer, type MessageBody } from './thread-bodies.js';
import { ThreadQueries } from './thread-queries.js';

/** What was said in a thread, and saying something: the same as `user_message` on a socket. */
@ApiTags('threads')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@UseGuards(JsonBodyGuard)
@Controller('api/threads/:id/messages')
export class MessagesController {
  constructor(
    private readonly queries: ThreadQueries,
    private readonly admission: Admission,
    private readonly rate: MessageRate,
    private readonly ids: Ids,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Messages of a thread, oldest first' })
  @ApiOkResponse({ standardSchema: messagesAnswer })
  history(
    @CurrentIdentity() identity: Identity,
    @Param('id') id: string,
    @Query({ schema: PAGE_QUERY }) query: PageQuery,
  ): Promise<Page<WireMessage>> {
    return this.queries.history(identity, id, query);
  }

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask the agents; the answer comes as events' })
  @ApiAcceptedResponse({ standardSchema: acceptedAnswer })
  async submit(
    @CurrentIdentity() identity: Identity,
    @Param('id') threadId: string,
    @Body({ schema: messageBody }) body: MessageBody,
  ): Promise<z.output<typeof acceptedAnswer>> {
    // As on a socket: a field that says who asks must not say somebody else.
    if (body.user_id !== undefined && body.user_id !== identity.userId)
      throw new AppError('user_mismatch', 'user_id is not the user of this token.');
    this.rate.take(identity.userId, 'message');
    const { text, message_id: messageId, if_busy: ifBusy, agent, priority, metadata } = body;
    const requestId = this.ids.next();
    const submission = { text, threadId, messageId, ifBusy, agent, priority, metadata, requestId };
    const accepted = await this.admission.submit(identity, submission);
    return {
      thread_id: accepted.threadId,
      message_id: accepted.messageId,
      run_id: accepted.runId,
      state: accepted.state,
      ...(accepted.position === undefined ? {} : { position: accepted.position }),
      duplicate: accepted.duplicate,
    };
  }
}
