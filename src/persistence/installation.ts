import { Injectable } from '@nestjs/common';
import { v5 } from 'uuid';
import { Ids } from '../telemetry/ids.js';
import { hasSqlState } from './database-error.js';
import { Database } from './database.js';

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Which event log this is. Clients keep a cursor together with the log's id; after a restore the same numbers may stand for other events, so a
 * restored log must have another id.
 *
 * The id is made from a random id in the database, which a backup copies, and from what a backup can't copy: PostgreSQL's system identifier
 * (a dump in another cluster), the database's oid (a dump in the same cluster) and the timeline (point-in-time recovery, promotion of a
 * replica). Nothing in the database tells a cold copy of the whole data folder from the original: who puts such a copy back has to change
 * installation.log_id (`UPDATE installation SET log_id = gen_random_uuid()`).
 */
@Injectable()
export class Installation {
  private id: string | undefined;

  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
  ) {}

  /** The same for all replicas. Throws before load(). */
  logId(): string {
    if (this.id === undefined) throw new Error('The installation is read when the database is up.');
    return this.id;
  }

  /** Reads the id; the first server of a database makes it. */
  async load(): Promise<void> {
    await this.database.execute('INSERT INTO installation (id, log_id) VALUES (1, $1) ON CONFLICT (id) DO NOTHING', [
      this.ids.next(),
    ]);
    const row = await this.database.row<{ log_id: string }>('SELECT log_id FROM installation WHERE id = 1');
    if (row === undefined) throw new Error('installation has no row.');
    this.id = v5(await this.whatNoBackupCopies(), row.log_id);
  }

  private async whatNoBackupCopies(): Promise<string> {
    const database = await this.database.row<{ oid: string }>(
      'SELECT oid::text FROM pg_database WHERE datname = current_database()',
    );
    return [database?.oid, await this.clusterIdentity()].join('/');
  }

  /** Some hosted databases keep these functions for themselves; then the oid has to do. */
  private async clusterIdentity(): Promise<string> {
    try {
      const row = await this.database.row<{ identity: string }>(
        `SELECT system_identifier::text || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS identity FROM pg_control_system()`,
      );
      return row?.identity ?? '';
    } catch (error) {
      if (hasSqlState(error, INSUFFICIENT_PRIVILEGE)) return '';
      throw error;
    }
  }
}
