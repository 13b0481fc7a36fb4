import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { StartupError } from '../persistence/startup-error.js';
import { Logger } from '../telemetry/logger.js';
import { Metrics } from './metrics.js';

/** /metrics on METRICS_PORT, where the network decides who reaches it. Without the variable nothing listens. */
@Injectable()
export class MetricsListener implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: Server | undefined;

  constructor(
    private readonly metrics: Metrics,
    private readonly configuration: Configuration,
    private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { metricsPort, host } = this.configuration;
    if (metricsPort === undefined) return;
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.listen(metricsPort, host);
    await once(this.server, 'listening').catch((error: unknown) => {
      throw new StartupError(`METRICS_PORT: can't listen on ${host} port ${metricsPort} (${codeOf(error)}).`, error);
    });
    this.logger.info('metrics_listening', { port: this.port });
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  /** Where it listens, e.g. when METRICS_PORT is 0. */
  get port(): number | undefined {
    const address = this.server?.address();
    return typeof address === 'object' ? address?.port : undefined;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    try {
      const { contentType, body } = await this.metrics.text();
      response.writeHead(200, { 'Content-Type': contentType }).end(body);
    } catch (error) {
      this.logger.warn('metrics_failed', { error });
      response.writeHead(500).end();
    }
  }
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
