import { Controller, Get, Headers, HttpStatus, Res } from '@nestjs/common';
import {
  ApiDefaultResponse,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { Open } from '../auth/open.decorator.js';
import { errorAnswer } from '../errors/error-answer.js';
import { healthAnswer } from './health-answer.js';
import { HealthReport, type Health } from './health-report.js';
import { HealthViewer } from './health-viewer.js';

/** Probes for people, load balancers and Kubernetes. Open; only platform admins see addresses and what services answered with. */
@ApiTags('health')
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Open()
@Controller('health')
export class HealthController {
  constructor(
    private readonly report: HealthReport,
    private readonly viewer: HealthViewer,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The state of the server and of each dependency; 503 when it can do nothing' })
  @ApiOkResponse({ standardSchema: healthAnswer })
  @ApiServiceUnavailableResponse({ standardSchema: healthAnswer })
  async health(
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Health> {
    return answer(response, await this.report.full(await this.viewer.isPlatformAdmin(authorization)));
  }

  @Get('live')
  @ApiOperation({ summary: 'The process runs' })
  @ApiOkResponse({ standardSchema: healthAnswer })
  live(): Health {
    return this.report.live();
  }

  @Get('ready')
  @ApiOperation({ summary: 'The server takes work; 503 while it starts or drains' })
  @ApiOkResponse({ standardSchema: healthAnswer })
  @ApiServiceUnavailableResponse({ standardSchema: healthAnswer })
  async ready(
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Health> {
    return answer(response, await this.report.ready(await this.viewer.isPlatformAdmin(authorization)));
  }

  @Get('startup')
  @ApiOperation({ summary: 'The phases of the start; 503 until the last one is done' })
  @ApiOkResponse({ standardSchema: healthAnswer })
  @ApiServiceUnavailableResponse({ standardSchema: healthAnswer })
  startup(@Res({ passthrough: true }) response: Response): Health {
    return answer(response, this.report.startup());
  }
}

function answer(response: Response, health: Health): Health {
  response.status(health.status === 'unhealthy' ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK);
  return health;
}
