import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiDefaultResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../auth/roles.decorator.js';
import { errorAnswer } from '../errors/error-answer.js';
import { ConnectionManager } from '../gateway/connection-manager.js';
import type { ConnectionSnapshot } from '../gateway/connection-snapshot.js';
import { decodeCursor, encodeCursor, pageOf, type Page } from '../threads/page-cursor.js';
import { connectionsAnswer, usersAnswer } from './admin-answers.js';
import { pageQuery, type PageQuery } from './admin-bodies.js';
import { AdminQueries, type AdminUser } from './admin-queries.js';

/** What operators look at. Platform admins only. */
@ApiTags('admin')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Roles('platform_admin')
@Controller('api/admin')
export class AdminController {
  constructor(
    private readonly queries: AdminQueries,
    private readonly connections: ConnectionManager,
  ) {}

  @Get('users')
  @ApiOperation({ summary: 'All users, newest first' })
  @ApiOkResponse({ standardSchema: usersAnswer })
  users(@Query({ schema: pageQuery }) query: PageQuery): Promise<Page<AdminUser>> {
    return this.queries.users(query);
  }

  /** A connection lives in one process, so this list is that of the process that answers. */
  @Get('connections')
  @ApiOperation({ summary: 'The open connections of this process, and the share of successful handshakes' })
  @ApiOkResponse({ standardSchema: connectionsAnswer })
  openConnections(@Query({ schema: pageQuery }) query: PageQuery): ConnectionsPage {
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
