import type { LoggerService } from '@nestjs/common';
import type { Logger } from './telemetry/logger.js';

/** Nest's own log lines in ours: what Nest tells of its start is detail. */
export class NestLogs implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: unknown): void {
    this.logger.debug('nest', { message, context });
  }

  debug(message: unknown, context?: unknown): void {
    this.logger.debug('nest', { message, context });
  }

  verbose(message: unknown, context?: unknown): void {
    this.logger.debug('nest', { message, context });
  }

  warn(message: unknown, context?: unknown): void {
    this.logger.warn('nest', { message, context });
  }

  error(message: unknown, ...details: unknown[]): void {
    this.logger.error('nest', { message, details });
  }
}
