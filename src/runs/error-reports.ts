import { Injectable } from '@nestjs/common';
import { AgentPipeline } from '../agents/agent-pipeline.js';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { Alerts } from '../monitor/alerts.js';
import { Metrics } from '../monitor/metrics.js';
import { Database } from '../persistence/database.js';
import { Clock } from '../telemetry/clock.js';
import { Ids, isId } from '../telemetry/ids.js';
import { Logger } from '../telemetry/logger.js';
import type { RunRow } from './run-row.js';

/** A report as admins see it. */
export interface ErrorReport {
  readonly error_id: string;
  readonly tenant_id: string | null;
  readonly user_id: string | null;
  readonly run_id: string | null;
  readonly code: string;
  /** Path of the agent that failed, or the part of the server: "engine", "worker". */
  readonly step: string | null;
  readonly stack: string | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly created_at: string;
}

interface ReportColumns extends Omit<ErrorReport, 'error_id' | 'versions' | 'created_at'> {
  readonly id: string;
  readonly versions: string;
  readonly created_at: Date;
}

/** Keeps what an admin needs to understand an error of a run: code, stack, step, versions; nothing that a user wrote. */
@Injectable()
export class ErrorReports {
  private readonly errors: { inc(code: string): void };

  constructor(
    private readonly database: Database,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly pipeline: AgentPipeline,
    private readonly alerts: Alerts,
    metrics: Metrics,
    private readonly logger: Logger,
  ) {
    this.errors = metrics.labelledCounter(
      'goldenpath_run_errors_total',
      'Errors and timeouts in runs, by code.',
      'code',
    );
  }

  /**
   * Stores a report and logs it, once, counts it, and raises an alert when it ends the whole run; answers its id, which the
   * user is shown. A database that is away costs the row, not the rest.
   */
  async store(run: RunRow, error: unknown, step: string): Promise<string> {
    const errorId = this.ids.next();
    const code = error instanceof AppError ? error.code : 'internal';
    this.logger.warn('run_step_failed', { error, error_id: errorId, code, step, run_id: run.id, user_id: run.userId });
    this.errors.inc(code);
    if (!step.includes('/'))
      this.alerts.raise({
        kind: 'run_error',
        severity: 'warning',
        details: { error_id: errorId, code, step, run_id: run.id },
      });
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

  /** For platform admins, over all tenants. Uses error_report_pkey. */
  async find(errorId: string): Promise<ErrorReport | undefined> {
    if (!isId(errorId)) return undefined;
    const row = await this.database.row<ReportColumns>(
      `SELECT id, tenant_id, user_id, run_id, code, step, stack, versions, created_at FROM error_report WHERE id = $1`,
      [errorId],
    );
    if (row === undefined) return undefined;
    const { id, versions, created_at, ...rest } = row;
    return {
      error_id: id,
      ...rest,
      // An object that `store` wrote.
      versions: JSON.parse(versions) as Record<string, string>,
      created_at: created_at.toISOString(),
    };
  }

  private versions(): Record<string, string> {
    return {
      goldenpath: this.configuration.version,
      node: process.version,
      pipeline: this.pipeline.version,
    };
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
