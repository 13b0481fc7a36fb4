import { Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiDefaultResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { AuditTrail } from '../auth/audit-trail.js';
import { CurrentIdentity } from '../auth/current-identity.decorator.js';
import type { Identity } from '../auth/identity.js';
import { Roles } from '../auth/roles.decorator.js';
import { errorAnswer } from '../errors/error-answer.js';
import { Cancellation } from '../runs/cancellation.js';
import { cancelAnswer } from '../runs/run-answers.js';
import { RunQueries, type WireRun } from '../runs/run-queries.js';
import type { Page } from '../threads/page-cursor.js';
import { eventsAnswer } from '../threads/thread-bodies.js';
import { pageQuery, runsQuery, type PageQuery, type RunsQuery } from './admin-bodies.js';
import { adminRunAnswer, adminRunsAnswer, deliveryAnswer, retryAnswer } from './admin-run-answers.js';
import { AdminQueries, type AdminRun } from './admin-queries.js';
import { RunRecords, type DeliveryPage } from './run-records.js';
import { RunRetry, type RetriedRun } from './run-retry.js';

/** Runs of all users, for operators. Platform admins only. */
@ApiTags('admin')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Roles('platform_admin')
@Controller('api/admin/runs')
export class AdminRunsController {
  constructor(
    private readonly queries: AdminQueries,
    private readonly records: RunRecords,
    private readonly runs: RunQueries,
    private readonly cancellation: Cancellation,
    private readonly retries: RunRetry,
    private readonly audit: AuditTrail,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'All runs, newest first, by status, user and thread; dead letters are those with status dead',
  })
  @ApiOkResponse({ standardSchema: adminRunsAnswer })
  search(@Query({ schema: runsQuery }) query: RunsQuery): Promise<Page<AdminRun>> {
    return this.queries.runs(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A run: status, attempt, steps, usage, error' })
  @ApiOkResponse({ standardSchema: adminRunAnswer })
  async get(@Param('id') id: string): Promise<WireRun & { tenant_id: string; user_id: string }> {
    const { tenantId, userId } = await this.records.find(id);
    return { ...(await this.runs.get({ tenantId, userId }, id)), tenant_id: tenantId, user_id: userId };
  }

  @Get(':id/events')
  @ApiOperation({ summary: 'The event log of a run, as clients see it' })
  @ApiOkResponse({ standardSchema: eventsAnswer })
  async events(
    @Param('id') id: string,
    @Query({ schema: pageQuery }) query: PageQuery,
    @Res() response: Response,
  ): Promise<void> {
    response.type('application/json').send(await this.records.events(id, query));
  }

  @Get(':id/delivery')
  @ApiOperation({ summary: 'What each connection was sent of a run, and what it acknowledged' })
  @ApiOkResponse({ standardSchema: deliveryAnswer })
  delivery(@Param('id') id: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<DeliveryPage> {
    return this.records.deliveries(id, query);
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @ApiOperation({ summary: 'Cancels a run; its final event tells what was stopped' })
  @ApiAcceptedResponse({ standardSchema: cancelAnswer })
  async cancel(@CurrentIdentity() actor: Identity, @Param('id') id: string): Promise<{ run_id: string }> {
    await this.cancellation.request(await this.records.find(id), id, 'asked for by an administrator');
    await this.audit.record({ actor, action: 'run_cancelled', target: { kind: 'run', id } });
    return { run_id: id };
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiOperation({ summary: 'Asks the question of a dead, failed or timed-out run again, as a new run of its user' })
  @ApiAcceptedResponse({ standardSchema: retryAnswer })
  async retry(@CurrentIdentity() actor: Identity, @Param('id') id: string): Promise<RetriedRun> {
    const retried = await this.retries.retry(id);
    const { run_id: retriedAs } = retried;
    await this.audit.record({
      actor,
      action: 'run_retried',
      target: { kind: 'run', id },
      details: { retried_as: retriedAs },
    });
    return retried;
  }
}
