import pg, { type Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { Logger } from '../telemetry/logger.js';
import { databaseUnavailable } from './database-error.js';
import { applicationSource } from './data-source.js';

/** A session that never comes back must not keep the process from ending. */
const CLOSE_TIMEOUT_MS = 5_000;

/** The open data source and its pool, or nothing before start and after stop. */
export class Connections {
  private source: DataSource | undefined;
  private isAdmitted = false;

  constructor(private readonly logger: Logger) {}

  /** Throws the driver's error if the database does not answer. */
  async open(url: string): Promise<void> {
    this.source = await applicationSource(url, this.logger).initialize();
  }

  /** Lets statements through: the schema that they expect is there. */
  admit(): void {
    this.isAdmitted = true;
  }

  /** Throws AppError database_unavailable while there is none. */
  pool(): Pool {
    if (!this.isAdmitted) throw databaseUnavailable('is not ready yet');
    const driver = this.source?.driver;
    const pool: unknown = driver !== undefined && 'master' in driver ? driver.master : undefined;
    if (!(pool instanceof pg.Pool)) throw databaseUnavailable('is not connected');
    return pool;
  }

  /** Waits, bounded, for the sessions in use. */
  async close(): Promise<void> {
    const { source } = this;
    this.source = undefined;
    this.isAdmitted = false;
    if (source === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    });
    await Promise.race([source.destroy(), patience]).finally(() => clearTimeout(timer));
  }
}
