import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { Database } from '../persistence/database.js';
import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';
import { Logger } from '../telemetry/logger.js';
import type { RunRow } from './run-row.js';

/** Keeps what an admin needs to understand an error of a run: code, stack, step, versions; nothing that a user wrote. */
@Injectable()
export class ErrorReports {
  constructor(
    private readonly database: Database,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly logger: Logger,
  ) {}

  /** Stores a report and logs it, once; answers its id, which the user is shown. A database that is away costs the row, not the log line. */
  async store(run: RunRow, error: unknown, step: string): Promise<string> {
    const errorId = this.ids.next();
    const code = error instanceof AppError ? error.code : 'internal';
    this.logger.warn('run_step_failed', { error, error_id: errorId, code, step, run_id: run.id, user_id: run.userId });
    try {
      await this.database.execute(
        `INSERT INTO error_report (id, tenant_id, user_id, run_id, code, step, stack, versions, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          errorId,
          run.tenantId,
          run.userId,
          run.id,
          code,
          step,
          stackOf(error),
          JSON.stringify(this.versions()),
          this.clock.now(),
        ],
      );
    } catch (failure) {
      this.logger.warn('error_report_not_stored', { error: failure, error_id: errorId });
    }
    return errorId;
  }

  private versions(): Record<string, string> {
    return { goldenpath: this.configuration.version, node: process.version };
  }
}

const STACK_CHARACTERS_MAX = 8_000;

/** The stack without the message lines, which may quote what a user wrote. */
function stackOf(error: unknown): string | null {
  const stack = error instanceof Error ? error.stack : undefined;
  if (stack === undefined) return null;
  const frames = stack.split('\n').filter((line) => line.trimStart().startsWith('at '));
  return [error instanceof Error ? error.name : 'Error', ...frames].join('\n').slice(0, STACK_CHARACTERS_MAX);
}
