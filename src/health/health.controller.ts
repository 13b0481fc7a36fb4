import { Controller, Get, Headers, HttpStatus, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Open } from '../auth/open.decorator.js';
import { HealthReport, type Health } from './health-report.js';
import { HealthViewer } from './health-viewer.js';

/** Probes for people, load balancers and Kubernetes. Open; only platform admins see addresses and what services answered with. */
@ApiTags('health')
@Open()
@Controller('health')
export class HealthController {
  constructor(
    private readonly report: HealthReport,
    private readonly viewer: HealthViewer,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The state of the server and of each dependency; 503 when it can do nothing' })
  async health(
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Health> {
    return answer(response, await this.report.full(await this.viewer.isPlatformAdmin(authorization)));
  }

  @Get('live')
  @ApiOperation({ summary: 'The process runs' })
  live(): Health {
    return this.report.live();
  }

  @Get('ready')
  @ApiOperation({ summary: 'The server takes work; 503 while it starts or drains' })
  async ready(
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Health> {
    return answer(response, await this.report.ready(await this.viewer.isPlatformAdmin(authorization)));
  }

  @Get('startup')
  @ApiOperation({ summary: 'The phases of the start; 503 until the last one is done' })
  startup(@Res({ passthrough: true }) response: Response): Health {
    return answer(response, this.report.startup());
  }
}

function answer(response: Response, health: Health): Health {
  response.status(health.status === 'unhealthy' ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK);
  return health;
}
