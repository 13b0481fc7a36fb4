import { RUN_STATES } from '@goldenpath/protocol';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Roles } from '../auth/roles.decorator.js';
import { ConnectionManager } from '../gateway/connection-manager.js';
import type { ConnectionSnapshot } from '../gateway/connection-snapshot.js';
import {
  decodeCursor,
  encodeCursor,
  PAGE_LIMIT_DEFAULT,
  PAGE_LIMIT_MAX,
  pageOf,
  type Page,
} from '../threads/page-cursor.js';
import { AdminQueries, type AdminRun, type AdminUser } from './admin-queries.js';

const limit = z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT);
const page = z.object({ limit, cursor: z.string().max(200).optional() });
const runFilter = page.extend({ status: z.enum(RUN_STATES).optional(), user_id: z.uuid().optional() });

/** What operators look at. Platform admins only. */
@ApiTags('admin')
@ApiBearerAuth()
@Roles('platform_admin')
@Controller('api/admin')
export class AdminController {
  constructor(
    private readonly queries: AdminQueries,
    private readonly connections: ConnectionManager,
  ) {}

  @Get('users')
  @ApiOperation({ summary: 'All users, newest first' })
  users(@Query({ schema: page }) query: z.output<typeof page>): Promise<Page<AdminUser>> {
    return this.queries.users(query);
  }

  @Get('runs')
  @ApiOperation({ summary: 'All runs, newest first, by status and user' })
  runs(@Query({ schema: runFilter }) query: z.output<typeof runFilter>): Promise<Page<AdminRun>> {
    return this.queries.runs(query);
  }

  /** A connection lives in one process, so this list is that of the process that answers. */
  @Get('connections')
  @ApiOperation({ summary: 'The open connections of this process, and the share of successful handshakes' })
  openConnections(@Query({ schema: page }) query: z.output<typeof page>): ConnectionsPage {
    const after = query.cursor === undefined ? '' : decodeCursor('admin', query.cursor);
    const following = this.connections
      .list()
      .filter(({ connection_id: id }) => id > after)
      .sort((a, b) => (a.connection_id < b.connection_id ? -1 : 1));
    const found = pageOf(following, query.limit, {
      item: (connection) => connection,
      cursor: (last) => encodeCursor('admin', last.connection_id),
    });
    return { ...found, totals: this.connections.totals() };
  }
}

interface ConnectionsPage extends Page<ConnectionSnapshot> {
  readonly totals: ReturnType<ConnectionManager['totals']>;
}
