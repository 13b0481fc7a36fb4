import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiDefaultResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { z } from 'zod';
import { AppError } from '../errors/app-error.js';
import { errorAnswer } from '../errors/error-answer.js';
import { sessionAnswerOf, sessionsAnswer } from './auth-answers.js';
import { sessionsQuery, type SessionsQuery } from './auth-bodies.js';
import { CurrentIdentity } from './current-identity.decorator.js';
import type { Identity } from './identity.js';
import { SessionRecovery } from './session-recovery.js';
import { Sessions } from './sessions.js';

/** Where a user is signed in. */
@ApiTags('auth')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Controller('api/auth/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly recovery: SessionRecovery,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Live sessions of the user, newest first, and what each can be gone on from' })
  @ApiOkResponse({ standardSchema: sessionsAnswer })
  async list(
    @CurrentIdentity() identity: Identity,
    @Query({ schema: sessionsQuery }) query: SessionsQuery,
  ): Promise<z.output<typeof sessionsAnswer>> {
    const { sessions, nextCursor } = await this.sessions.list(identity, query);
    const recoverable = await this.recovery.recoverable(
      identity,
      sessions.map(({ id }) => id),
    );
    const data = sessions.map((session) =>
      sessionAnswerOf({ session, recovery: recoverable.get(session.id), currentId: identity.sessionId }),
    );
    return { data, next_cursor: nextCursor };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one session' })
  @ApiNoContentResponse()
  async end(@CurrentIdentity() identity: Identity, @Param('id') id: string): Promise<void> {
    const ended = await this.sessions.end(identity, id, 'ended_by_user');
    if (!ended) throw new AppError('not_found', 'There is no such session.');
  }
}
