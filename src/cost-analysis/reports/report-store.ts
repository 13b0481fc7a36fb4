import { Injectable } from '@nestjs/common';
import { Database } from '../../persistence/database.js';
import type { UserScope } from '../../persistence/sql.js';
import { Clock } from '../../telemetry/clock.js';
import { isId } from '../../telemetry/ids.js';
import type { Fact } from '../tools/fact.js';
import type { Chart } from './charts/chart.js';

export interface NewReport {
  readonly id: string;
  readonly threadId: string;
  readonly runId: string;
  readonly title: string;
  readonly markdown: string;
  /** The facts that the report cites. */
  readonly facts: readonly Fact[];
  readonly charts: readonly Chart[];
}

export interface StoredReport {
  readonly id: string;
  readonly thread_id: string;
  readonly run_id: string;
  readonly title: string;
  readonly markdown: string;
  readonly facts: unknown;
  readonly charts: readonly Chart[];
  readonly created_at: string;
}

interface ReportRow extends Omit<StoredReport, 'facts' | 'charts' | 'created_at'> {
  readonly facts: string;
  readonly charts: string;
  readonly created_at: Date;
}

/** Reports, one for each run. */
@Injectable()
export class ReportStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Keeps a report. A run that was taken over after it had stored one keeps the first: the answer is what is stored. */
  async keep(scope: UserScope, report: NewReport): Promise<{ id: string; markdown: string }> {
    const inserted = await this.database.row<{ id: string }>(
      `INSERT INTO report (id, tenant_id, user_id, thread_id, run_id, title, markdown, facts, charts, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8::json, $9::json, $10) ON CONFLICT (run_id) DO NOTHING RETURNING id`,
      [
        report.id,
        scope.tenantId,
        scope.userId,
        report.threadId,
        report.runId,
        report.title,
        report.markdown,
        JSON.stringify(report.facts),
        JSON.stringify(report.charts),
        this.clock.now(),
      ],
    );
    if (inserted !== undefined) return { id: inserted.id, markdown: report.markdown };
    const earlier = await this.database.row<{ id: string; markdown: string }>(
      `SELECT id, markdown FROM report WHERE run_id = $1 AND tenant_id = $2 AND user_id = $3`,
      [report.runId, scope.tenantId, scope.userId],
    );
    if (earlier === undefined) throw new Error(`the report of run ${report.runId} belongs to somebody else`);
    return earlier;
  }

  /** The report, or undefined when this user has none with this id. */
  async find(scope: UserScope, id: string): Promise<StoredReport | undefined> {
    if (!isId(id)) return undefined;
    const row = await this.database.row<ReportRow>(
      `SELECT id, thread_id, run_id, title, markdown, facts, charts, created_at FROM report WHERE id = $1 AND tenant_id = $2 AND user_id = $3`,
      [id, scope.tenantId, scope.userId],
    );
    if (row === undefined) return undefined;
    const facts: unknown = JSON.parse(row.facts);
    // Written by `keep` alone.
    const charts = JSON.parse(row.charts) as Chart[];
    return { ...row, facts, charts, created_at: row.created_at.toISOString() };
  }
}
