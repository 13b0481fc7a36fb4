import { Injectable } from '@nestjs/common';
import { pino, type Logger as Pino } from 'pino';
import { errorFields } from './error-fields.js';

export type LogFields = Record<string, unknown>;

/** Fields that never reach a log, at any depth that we use. Tokens and passwords are never passed on purpose; this is the second net. */
const SECRET_PATHS = [
  'authorization',
  'token',
  'access_token',
  'refresh_token',
  'password',
  'ticket',
  'apiKey',
  'secret',
].flatMap((field) => [field, `*.${field}`]);

/** Structured logs: an event name in snake_case and fields, one JSON object a line on standard error. */
@Injectable()
export class Logger {
  private readonly pino: Pino;

  constructor(level: string) {
    this.pino = pino(
      {
        level,
        base: { service: 'goldenpath' },
        timestamp: () => `,"time":"${new Date().toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
        messageKey: 'event',
        serializers: { error: errorFields },
        redact: { paths: SECRET_PATHS, censor: '[redacted]' },
      },
      // Standard output belongs to what a command prints for people.
      process.stderr,
    );
  }

  debug(event: string, fields: LogFields = {}): void {
    this.pino.debug(fields, event);
  }

  info(event: string, fields: LogFields = {}): void {
    this.pino.info(fields, event);
  }

  warn(event: string, fields: LogFields = {}): void {
    this.pino.warn(fields, event);
  }

  error(event: string, fields: LogFields = {}): void {
    this.pino.error(fields, event);
  }
}
