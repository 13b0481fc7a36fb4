import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiDefaultResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditTrail, type StoredAuditEntry } from '../auth/audit-trail.js';
import { Roles } from '../auth/roles.decorator.js';
import { errorAnswer } from '../errors/error-answer.js';
import { encodeCursor, pageOf, type Page } from '../threads/page-cursor.js';
import { auditAnswer, errorReportAnswer, sessionsAnswer, settingsAnswer, threadsAnswer } from './admin-answers.js';
import { pageQuery, userPageQuery, type PageQuery, type UserPageQuery } from './admin-bodies.js';
import { positionOf } from './admin-queries.js';
import { AdminRecords, type AdminErrorReport, type AdminSession, type AdminThread } from './admin-records.js';
import { AdminSettings, type Settings } from './admin-settings.js';

/** What is stored and set, for operators. Platform admins only. */
@ApiTags('admin')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Roles('platform_admin')
@Controller('api/admin')
export class AdminRecordsController {
  constructor(
    private readonly records: AdminRecords,
    private readonly settings: AdminSettings,
    private readonly audit: AuditTrail,
  ) {}

  @Get('sessions')
  @ApiOperation({ summary: 'All sessions, newest first, by user' })
  @ApiOkResponse({ standardSchema: sessionsAnswer })
  sessions(@Query({ schema: userPageQuery }) query: UserPageQuery): Promise<Page<AdminSession>> {
    return this.records.sessions(query);
  }

  @Get('threads')
  @ApiOperation({ summary: 'All threads, newest first, by user; without what users wrote' })
  @ApiOkResponse({ standardSchema: threadsAnswer })
  threads(@Query({ schema: userPageQuery }) query: UserPageQuery): Promise<Page<AdminThread>> {
    return this.records.threads(query);
  }

  @Get('error-reports/:id')
  @ApiOperation({ summary: 'The error that a user was shown under this id: code, stack, run, step, versions' })
  @ApiOkResponse({ standardSchema: errorReportAnswer })
  errorReport(@Param('id') id: string): Promise<AdminErrorReport> {
    return this.records.errorReport(id);
  }

  @Get('settings')
  @ApiOperation({ summary: 'The settings in force, without secrets' })
  @ApiOkResponse({ standardSchema: settingsAnswer })
  effectiveSettings(): Settings {
    return this.settings.read();
  }

  @Get('audit')
  @ApiOperation({ summary: 'Who did what, when and to what, newest first' })
  @ApiOkResponse({ standardSchema: auditAnswer })
  async auditLog(@Query({ schema: pageQuery }) { limit, cursor }: PageQuery): Promise<Page<StoredAuditEntry>> {
    const entries = await this.audit.newest({ limit: limit + 1, before: positionOf(cursor) ?? undefined });
    return pageOf(entries, limit, { item: (entry) => entry, cursor: (last) => encodeCursor('admin', last.id) });
  }
}
