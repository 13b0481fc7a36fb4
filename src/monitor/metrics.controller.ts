import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiDefaultResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { isLoopback } from '../auth/client-address.js';
import { HttpCaller } from '../auth/http-caller.js';
import { Open } from '../auth/open.decorator.js';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { errorAnswer } from '../errors/error-answer.js';
import { Metrics } from './metrics.js';

/** What a proxy on this machine adds: its caller is not from this machine. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/** /metrics on the main port, for this machine and platform admins; nowhere when METRICS_PORT gives it a port of its own. */
@ApiTags('monitor')
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Open()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly caller: HttpCaller,
    private readonly configuration: Configuration,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Metrics in the text format of Prometheus' })
  @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
  async scrape(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (this.configuration.metricsPort !== undefined)
      throw new AppError('not_found', 'Metrics have a port of their own.');
    if (!isOfThisMachine(request)) await this.requireAdmin(request);
    const { contentType, body } = await this.metrics.text();
    response.setHeader('Content-Type', contentType);
    response.send(body);
  }

  private async requireAdmin(request: Request): Promise<void> {
    const { roles } = await this.caller.identify(request, false);
    if (!roles.includes('platform_admin')) throw new AppError('forbidden', 'You may not do this.');
  }
}

const isOfThisMachine = (request: Request): boolean =>
  isLoopback(request.socket.remoteAddress) && FORWARDED.every((name) => request.headers[name] === undefined);
