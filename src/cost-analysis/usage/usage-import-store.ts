import { Injectable } from '@nestjs/common';
import { isJsonObject } from '../../context/json.js';
import { AppError } from '../../errors/app-error.js';
import { Database } from '../../persistence/database.js';
import { Clock } from '../../telemetry/clock.js';
import { BillSettlement } from './bill-settlement.js';
import { WRITTEN } from './import-counts.js';
import type { ImportRecord, RejectSample } from './import-record.js';
import type { Period } from './period-of-rows.js';
import { rowsLost } from './rows-lost.js';
import { UsageWriter } from './usage-writer.js';

export interface NewImport {
  readonly id: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly format: string;
  readonly source: string;
  readonly label: string;
  readonly synthetic: boolean;
  readonly priceAs: string | undefined;
  readonly supersedes?: boolean;
}

export interface Rejects {
  readonly count: number;
  readonly samples: readonly RejectSample[];
}

/** What a file came to. */
export interface ImportOutcome {
  readonly rejects: Rejects;
  /** Of all rows that were stored or were there already; undefined when there are none. */
  readonly period: Period | undefined;
  /** Those rows. */
  readonly written: number;
}

/** The rows of usage_import and, batch by batch, of usage_event. */
@Injectable()
export class UsageImportStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly bills: BillSettlement,
  ) {}

  async begin(started: NewImport): Promise<void> {
    await this.database.execute(
      `INSERT INTO usage_import (id, tenant_id, user_id, format, status, price_as, synthetic, label, created_at)
       VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, $8)`,
      [
        started.id,
        started.tenantId,
        started.userId,
        started.format,
        started.priceAs,
        started.synthetic,
        started.label,
        this.clock.now(),
      ],
    );
  }

  /** What the file turned out to be. */
  async describe({ id, format, label }: NewImport): Promise<void> {
    await this.database.execute('UPDATE usage_import SET format = $2, label = $3 WHERE id = $1', [id, format, label]);
  }

  /** An import that goes on for ever: it is there afterwards, whoever began it. */
  async keepStanding({ id, tenantId, userId, format, label }: NewImport): Promise<void> {
    await this.database.execute(
      `INSERT INTO usage_import (id, tenant_id, user_id, format, status, label, created_at, finished_at)
       VALUES ($1, $2, $3, $4, 'completed', $5, $6, $6) ON CONFLICT (id) DO NOTHING`,
      [id, tenantId, userId, format, label, this.clock.now()],
    );
  }

  /** Writes its rows. */
  writerOf(started: NewImport): UsageWriter {
    return new UsageWriter(this.database, started);
  }

  /**
   * Settles the bills of its period first: who dies in between leaves it running, for failAbandoned(). Throws AppError database_unavailable when
   * PostgreSQL crashed on the way and lost rows that were written, or somebody gave the import up.
   */
  async complete({ id, tenantId }: NewImport, { rejects, period, written }: ImportOutcome): Promise<void> {
    if (period !== undefined) await this.bills.settle(tenantId, period);
    // With this everything that was committed before is on disk, too.
    const completed = await this.database.execute(
      `UPDATE usage_import SET status = 'completed', rejected = $2, reject_samples = $3::json, finished_at = $4
       WHERE id = $1 AND status = 'running' AND error IS NULL AND ${WRITTEN} = $5::integer`,
      [id, rejects.count, JSON.stringify(rejects.samples), this.clock.now(), written],
    );
    if (completed === 0) throw rowsLost();
  }

  /** Lets the planner know what the table holds now. */
  async refreshStatistics(): Promise<void> {
    await this.database.execute('ANALYZE usage_event');
  }

  /** Ends an import that failed. False when it was completed after all, the answer to which was lost: its rows stay. */
  async fail(failed: NewImport, rejects: Rejects, error: AppError): Promise<boolean> {
    return this.takeOut(failed, error, rejects);
  }

  /** Imports of a server that was killed: nobody will end them any more. Their rows go, as those of every failed import. */
  async failAbandoned(startedBefore: Date, error: AppError): Promise<number> {
    const abandoned = await this.database.rows<{ id: string; tenant_id: string }>(
      `SELECT id, tenant_id FROM usage_import WHERE status = 'running' AND created_at < $1`,
      [startedBefore],
    );
    let failed = 0;
    for (const { id, tenant_id: tenantId } of abandoned) failed += Number(await this.takeOut({ id, tenantId }, error));
    return failed;
  }

  /** An import of the tenant, or undefined. */
  async find(tenantId: string, id: string): Promise<ImportRecord | undefined> {
    const row = await this.database.row<ImportRow>(
      `SELECT ${COLUMNS} FROM usage_import WHERE tenant_id = $1 AND id = $2`,
      [tenantId, id],
    );
    return row === undefined ? undefined : recordOf(row);
  }

  /** The tenant's imports, newest first, after the one with id `after`. Uses usage_import_tenant. */
  async list(tenantId: string, limit: number, after?: string): Promise<ImportRecord[]> {
    const rows = await this.database.rows<ImportRow>(
      `SELECT ${COLUMNS} FROM usage_import WHERE tenant_id = $1
         AND ($3::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM usage_import WHERE tenant_id = $1 AND id = $3))
       ORDER BY created_at DESC, id DESC LIMIT $2`,
      [tenantId, limit, after ?? null],
    );
    return rows.map(recordOf);
  }

  /**
   * Takes the import's rows out again, lets bills count in their place, then says that it failed; false when it is completed. Why it failed is
   * written first: nobody can complete it any more then, and who dies in between leaves it running, for failAbandoned().
   */
  private async takeOut({ id, tenantId }: OwnedImport, error: AppError, rejects?: Rejects): Promise<boolean> {
    // One that failed already may have got more rows since, from a server that was taken for dead.
    const closed = await this.database.execute(
      `UPDATE usage_import SET error = coalesce(error, $2::json), rejected = coalesce($3::integer, rejected),
         reject_samples = coalesce($4::json, reject_samples) WHERE id = $1 AND status <> 'completed'`,
      [id, JSON.stringify(error.toWire()), rejects?.count, rejects && JSON.stringify(rejects.samples)],
    );
    if (closed === 0) return false;
    await this.removeRows(id);
    await this.bills.settle(tenantId);
    await this.database.execute(
      `UPDATE usage_import SET status = 'failed', finished_at = $2, accepted = 0, ts_from = NULL, ts_to = NULL, cost_reported = NULL,
         cost_computed = NULL WHERE id = $1 AND status <> 'completed'`,
      [id, this.clock.now()],
    );
    return true;
  }

  /** In pieces, so that no transaction holds its locks for long. Uses usage_event_import. */
  private async removeRows(id: string): Promise<void> {
    for (let removed = DELETE_ROWS; removed === DELETE_ROWS;) {
      removed = await this.database.execute(
        `DELETE FROM usage_event WHERE (tenant_id, source, source_row_id) IN
           (SELECT tenant_id, source, source_row_id FROM usage_event WHERE import_id = $1 LIMIT ${DELETE_ROWS})`,
        [id],
      );
    }
  }
}

type OwnedImport = Pick<NewImport, 'id' | 'tenantId'>;

/** A fraction of a second's work. */
const DELETE_ROWS = 5_000;

const COLUMNS = `id, format, status, price_as, synthetic, label, accepted, duplicates, repriced, differing, rejected, reject_samples, ts_from, ts_to,
  percent, cost_reported::text, cost_computed::text, error, created_at, finished_at`;

interface ImportRow {
  readonly id: string;
  readonly format: string;
  readonly status: 'running' | 'completed' | 'failed';
  readonly price_as: string | null;
  readonly synthetic: boolean;
  readonly label: string | null;
  readonly accepted: number;
  readonly duplicates: number;
  readonly repriced: number;
  readonly differing: number;
  readonly rejected: number;
  readonly reject_samples: string;
  readonly percent: number | null;
  readonly ts_from: Date | null;
  readonly ts_to: Date | null;
  readonly cost_reported: string | null;
  readonly cost_computed: string | null;
  readonly error: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

function recordOf(row: ImportRow): ImportRecord {
  const error: unknown = JSON.parse(row.error ?? 'null');
  return {
    id: row.id,
    format: row.format,
    status: row.status,
    label: row.label ?? row.format,
    synthetic: row.synthetic,
    priceAs: row.price_as ?? undefined,
    accepted: row.accepted,
    duplicates: row.duplicates,
    repriced: row.repriced,
    differing: row.differing,
    rejected: row.rejected,
    rejectSamples: JSON.parse(row.reject_samples) as RejectSample[],
    percent: row.status === 'completed' ? 100 : (row.percent ?? undefined),
    from: row.ts_from ?? undefined,
    to: row.ts_to ?? undefined,
    costReportedNanoUsd: row.cost_reported === null ? undefined : BigInt(row.cost_reported),
    costComputedNanoUsd: row.cost_computed === null ? undefined : BigInt(row.cost_computed),
    // While its rows are taken out, the import is still running.
    error: row.status === 'failed' && isJsonObject(error) ? error : undefined,
    createdAt: row.created_at,
    finishedAt: row.finished_at ?? undefined,
  };
}
