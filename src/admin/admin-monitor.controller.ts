import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiDefaultResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../auth/roles.decorator.js';
import { errorAnswer } from '../errors/error-answer.js';
import type { DeploymentReport } from '../monitor/deployment-report.js';
import { Peers } from '../monitor/peers.js';
import { monitorAnswer } from './admin-answers.js';

/** Whether the critical events arrive. Platform admins only. */
@ApiTags('admin')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Roles('platform_admin')
@Controller('api/admin/monitor')
export class AdminMonitorController {
  constructor(private readonly peers: Peers) {}

  @Get()
  @ApiOperation({
    summary: 'Emitted, delivered, failed and pending critical events of all processes, over the last five minutes',
  })
  @ApiOkResponse({ standardSchema: monitorAnswer })
  report(): Promise<DeploymentReport> {
    return this.peers.report();
  }
}
