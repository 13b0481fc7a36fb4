import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { Ids } from '../telemetry/ids.js';
import { Database } from './database.js';

/** Who is silent for so long is gone: well above the time between two beats, for a process that stood still for a moment. */
const SILENT_S = 10;
/** Rows of processes that were killed are kept for so long. */
const KEPT_H = 48;

/** Another process of the deployment, as it described itself. */
export interface OtherProcess {
  readonly id: string;
  readonly role: string;
  readonly notes: unknown;
  readonly isAlive: boolean;
}

interface Row {
  readonly id: string;
  readonly role: string;
  readonly notes: unknown;
  readonly is_alive: boolean;
}

/** Whether the row `p` of a process is fresh, by the database's clock, which may jump. */
export const PROCESS_IS_ALIVE = `p.seen_at BETWEEN now() - interval '${SILENT_S} seconds' AND now() + interval '${SILENT_S} seconds'`;

const BEAT = `
  WITH mine AS (
    INSERT INTO server_process (id, role, started_at, seen_at, notes) VALUES ($1, $2, now(), now(), $3)
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, notes = excluded.notes
  )
  SELECT p.id, p.role, p.notes, ${PROCESS_IS_ALIVE} AS is_alive FROM server_process p
  WHERE p.id <> $1 AND p.seen_at > now() - interval '1 minute' ORDER BY p.id`;

/** The processes on this database: each says again and again that it lives, and what the others should know of it. */
@Injectable()
export class ServerProcesses {
  /** Of this process, for as long as it lives. */
  readonly id: string;

  constructor(
    private readonly database: Database,
    private readonly configuration: Configuration,
    ids: Ids,
  ) {
    this.id = ids.next();
  }

  /** Says that this process lives; answers the others that did so within a minute. */
  async beat(notes: object): Promise<OtherProcess[]> {
    const parameters = [this.id, this.configuration.role, JSON.stringify(notes)];
    const rows = await this.database.rows<Row>(BEAT, parameters);
    return rows.map(({ id, role, notes: of, is_alive: isAlive }) => ({ id, role, notes: of, isAlive }));
  }

  /** Removes processes that were killed long ago. */
  async forget(): Promise<void> {
    await this.database.execute(`DELETE FROM server_process WHERE seen_at < now() - interval '${KEPT_H} hours'`);
  }

  /** This process ends in good order. */
  async end(): Promise<void> {
    await this.database.execute('DELETE FROM server_process WHERE id = $1', [this.id]);
  }
}
