import type { WireThread } from '@goldenpath/protocol';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiDefaultResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentIdentity } from '../auth/current-identity.decorator.js';
import type { Identity } from '../auth/identity.js';
import { JsonBodyGuard } from '../auth/json-body.guard.js';
import { errorAnswer } from '../errors/error-answer.js';
import { PAGE_QUERY, type PageQuery } from './message-fields.js';
import type { Page } from './page-cursor.js';
import {
  createThreadBody,
  renameThreadBody,
  threadAnswer,
  threadsAnswer,
  type CreateThreadBody,
  type RenameThreadBody,
} from './thread-bodies.js';
import { ThreadChanges } from './thread-changes.js';
import { ThreadQueries } from './thread-queries.js';

/** The user's threads. */
@ApiTags('threads')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@UseGuards(JsonBodyGuard)
@Controller('api/threads')
export class ThreadsController {
  constructor(
    private readonly queries: ThreadQueries,
    private readonly changes: ThreadChanges,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Threads of the user, newest first' })
  @ApiOkResponse({ standardSchema: threadsAnswer })
  list(
    @CurrentIdentity() identity: Identity,
    @Query({ schema: PAGE_QUERY }) query: PageQuery,
  ): Promise<Page<WireThread>> {
    return this.queries.list(identity, query);
  }

  @Post()
  @ApiOperation({ summary: 'A new thread' })
  @ApiCreatedResponse({ standardSchema: threadAnswer })
  create(
    @CurrentIdentity() identity: Identity,
    @Body({ schema: createThreadBody }) body: CreateThreadBody,
  ): Promise<WireThread> {
    return this.changes.create(identity, body.title);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One thread' })
  @ApiOkResponse({ standardSchema: threadAnswer })
  find(@CurrentIdentity() identity: Identity, @Param('id') id: string): Promise<WireThread> {
    return this.queries.find(identity, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Rename a thread' })
  @ApiOkResponse({ standardSchema: threadAnswer })
  rename(
    @CurrentIdentity() identity: Identity,
    @Param('id') id: string,
    @Body({ schema: renameThreadBody }) body: RenameThreadBody,
  ): Promise<WireThread> {
    return this.changes.rename(identity, id, body.title);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a thread; what still runs in it is cancelled' })
  @ApiNoContentResponse()
  async remove(@CurrentIdentity() identity: Identity, @Param('id') id: string): Promise<void> {
    await this.changes.remove(identity, id);
  }
}
