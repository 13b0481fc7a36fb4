import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiDefaultResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentIdentity } from '../auth/current-identity.decorator.js';
import type { Identity } from '../auth/identity.js';
import { errorAnswer } from '../errors/error-answer.js';
import { Cancellation } from './cancellation.js';
import { cancelAnswer, runAnswer } from './run-answers.js';
import { RunQueries, type WireRun } from './run-queries.js';

/** Runs over REST. */
@ApiTags('runs')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Controller('api/runs')
export class RunsController {
  constructor(
    private readonly queries: RunQueries,
    private readonly cancellation: Cancellation,
  ) {}

  @Get(':id')
  @ApiOperation({ summary: 'A run: status, attempt, steps, usage, error' })
  @ApiOkResponse({ standardSchema: runAnswer })
  get(@CurrentIdentity() identity: Identity, @Param('id') id: string): Promise<WireRun> {
    return this.queries.get(identity, id);
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @ApiOperation({ summary: 'Cancels a run; its final event tells what was stopped' })
  @ApiAcceptedResponse({ standardSchema: cancelAnswer })
  async cancel(@CurrentIdentity() identity: Identity, @Param('id') id: string): Promise<{ run_id: string }> {
    await this.cancellation.request(identity, id, 'asked for by the user');
    return { run_id: id };
  }
}
