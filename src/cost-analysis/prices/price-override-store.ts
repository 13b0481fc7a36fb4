import { Injectable } from '@nestjs/common';
import type { UserScope } from '../../persistence/sql.js';
import { Database } from '../../persistence/database.js';
import { Clock } from '../../telemetry/clock.js';
import type { PriceOverride } from './price-override.js';

/** When a tenant's stored costs were asked to be computed anew, and when they were. */
export interface RecomputationState {
  readonly requestedAt: Date;
  readonly finishedAt: Date | undefined;
}

/** The rows of price_override and price_recomputation. */
@Injectable()
export class PriceOverrideStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Uses the primary key. */
  async list(tenantId: string): Promise<PriceOverride[]> {
    const rows = await this.database.rows<OverrideRow>(
      `SELECT ${COLUMNS} FROM price_override WHERE tenant_id = $1 ORDER BY provider, model_id, valid_from`,
      [tenantId],
    );
    return rows.map(overrideOf);
  }

  /** Puts these in the place of all that there were, and asks for the stored costs to be computed anew: both or neither. */
  async replace({ tenantId, userId }: UserScope, overrides: readonly PriceOverride[]): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (sql) => {
      await sql.execute('SELECT id FROM tenant WHERE id = $1 FOR NO KEY UPDATE', [tenantId]);
      await sql.execute('DELETE FROM price_override WHERE tenant_id = $1', [tenantId]);
      for (const { provider, modelId, validFrom, usdPerMillion: usd, discountPercent, note } of overrides) {
        await sql.execute(
          `INSERT INTO price_override (tenant_id, ${COLUMNS}, updated_by, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
          [
            tenantId,
            provider,
            modelId,
            validFrom,
            usd.input,
            usd.cacheRead,
            usd.cacheWrite5m,
            usd.cacheWrite1h,
            usd.output,
            discountPercent,
            note,
            userId,
            now,
          ],
        );
      }
      await sql.execute(
        `INSERT INTO price_recomputation (tenant_id, requested_at) VALUES ($1, $2)
         ON CONFLICT (tenant_id) DO UPDATE SET requested_at = excluded.requested_at, finished_at = NULL`,
        [tenantId, now],
      );
    });
  }

  /** Undefined: this tenant never changed a price. */
  async recomputation(tenantId: string): Promise<RecomputationState | undefined> {
    const row = await this.database.row<{ requested_at: Date; finished_at: Date | null }>(
      'SELECT requested_at, finished_at FROM price_recomputation WHERE tenant_id = $1',
      [tenantId],
    );
    return row === undefined ? undefined : { requestedAt: row.requested_at, finishedAt: row.finished_at ?? undefined };
  }

  /** Tenants whose costs are still to be computed anew, the longest waiting first. Uses price_recomputation_open. */
  async open(limit: number): Promise<{ tenantId: string; requestedAt: Date }[]> {
    const rows = await this.database.rows<{ tenant_id: string; requested_at: Date }>(
      'SELECT tenant_id, requested_at FROM price_recomputation WHERE finished_at IS NULL ORDER BY requested_at LIMIT $1',
      [limit],
    );
    return rows.map((row) => ({ tenantId: row.tenant_id, requestedAt: row.requested_at }));
  }

  /** Closes a request, unless prices were changed again in the meantime. */
  async close(tenantId: string, requestedAt: Date): Promise<void> {
    await this.database.execute(
      'UPDATE price_recomputation SET finished_at = $3 WHERE tenant_id = $1 AND requested_at = $2',
      [tenantId, requestedAt, this.clock.now()],
    );
  }
}

const COLUMNS = `provider, model_id, valid_from, input_usd_per_million, cache_read_usd_per_million, cache_write_5m_usd_per_million,
  cache_write_1h_usd_per_million, output_usd_per_million, discount_percent, note`;

interface OverrideRow {
  readonly provider: string;
  readonly model_id: string;
  readonly valid_from: Date;
  readonly input_usd_per_million: string | null;
  readonly cache_read_usd_per_million: string | null;
  readonly cache_write_5m_usd_per_million: string | null;
  readonly cache_write_1h_usd_per_million: string | null;
  readonly output_usd_per_million: string | null;
  readonly discount_percent: string | null;
  readonly note: string | null;
}

function overrideOf(row: OverrideRow): PriceOverride {
  const given = {
    input: row.input_usd_per_million,
    cacheRead: row.cache_read_usd_per_million,
    cacheWrite5m: row.cache_write_5m_usd_per_million,
    cacheWrite1h: row.cache_write_1h_usd_per_million,
    output: row.output_usd_per_million,
  };
  return {
    provider: row.provider,
    modelId: row.model_id,
    validFrom: row.valid_from,
    usdPerMillion: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)),
    discountPercent: row.discount_percent ?? undefined,
    note: row.note ?? undefined,
  };
}
