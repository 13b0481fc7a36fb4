import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../context/json.js';
import { Database } from '../persistence/database.js';
import type { Sql } from '../persistence/sql.js';
import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';

/** Something that was done and must be traceable. Ids and numbers only: nothing that a user wrote, no secrets. */
export interface AuditEntry {
  /** Who: null is the server itself. */
  readonly actor: { readonly userId: string; readonly tenantId: string } | null;
  /** What, in snake_case, e.g. "password_changed". */
  readonly action: string;
  /** To what. */
  readonly target: { readonly kind: string; readonly id: string };
  readonly details?: JsonObject;
}

/** An entry as admins see it. */
export interface StoredAuditEntry {
  readonly id: string;
  readonly created_at: string;
  readonly tenant_id: string | null;
  readonly actor_id: string | null;
  readonly action: string;
  readonly target_kind: string;
  readonly target_id: string;
  readonly details: JsonObject;
}

type Row = Omit<StoredAuditEntry, 'created_at' | 'details'> & { readonly created_at: Date; readonly details: string };

/** Who did what, when, to what. Entries are only ever added; the table itself refuses everything else. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** `sql`: the transaction that does what the entry tells of, so that there is neither without the other. */
  async record({ actor, action, target, details = {} }: AuditEntry, sql: Sql = this.database): Promise<void> {
    await sql.execute(
      `INSERT INTO audit_entry (id, created_at, tenant_id, actor_id, action, target_kind, target_id, details)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        this.ids.next(),
        this.clock.now(),
        actor?.tenantId ?? null,
        actor?.userId ?? null,
        action,
        target.kind,
        target.id,
        JSON.stringify(details),
      ],
    );
  }

  /** For platform admins: over all tenants, newest first, those before an entry. Uses audit_entry_pkey; ids are in order of time. */
  async newest({ limit, before }: { limit: number; before?: string | undefined }): Promise<StoredAuditEntry[]> {
    const rows = await this.database.rows<Row>(
      `SELECT id, created_at, tenant_id, actor_id, action, target_kind, target_id, details FROM audit_entry
       WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
      [before, limit],
    );
    return rows.map((row) => ({
      ...row,
      created_at: row.created_at.toISOString(),
      // An object that `record` stored.
      details: JSON.parse(row.details) as JsonObject,
    }));
  }
}
