import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database } from '../persistence/database.js';
import { Logger } from '../telemetry/logger.js';
import { Revocations } from './revocations.js';

/** Without anything revoked there is one row, with the time alone. */
type RevokedRow = { readonly now: Date } & ({ readonly id: string; readonly user_id: string } | { readonly id: null });

const INTERVAL_MS = 250;
/** A transaction may commit a while after it wrote its time: it must still be found. */
const LOOK_BACK = "interval '10 seconds'";

/**
 * Learns from the session table what other nodes revoked. A table is read rather than a notification awaited, so that nothing is lost with a
 * connection: after an outage the first reading covers all of it. All times are the database's; the nodes' clocks don't matter.
 */
@Injectable()
export class RevocationFeed implements OnModuleInit, OnApplicationShutdown {
  private readUntil: Date | undefined;
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<void> = Promise.resolve();
  private stopped = false;
  private failing = false;

  constructor(
    private readonly database: Database,
    private readonly revocations: Revocations,
    private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.schedule();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.reading;
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.reading = this.poll().finally(() => this.schedule());
    }, INTERVAL_MS);
  }

  private async poll(): Promise<void> {
    try {
      await this.read();
      this.failing = false;
    } catch (error) {
      // Before the first reading the database is being started; after that, one line an outage is enough.
      if (this.readUntil !== undefined && !this.failing && !this.stopped)
        this.logger.warn('revocation_feed_interrupted', { error });
      this.failing = true;
    }
  }

  /** Index session_revoked. What is older than this process's first reading can't have a connection here. */
  private async read(): Promise<void> {
    const rows = await this.database.rows<RevokedRow>(
      `SELECT reading.now, s.id, s.user_id FROM (SELECT clock_timestamp() AS now) reading
       LEFT JOIN session s ON s.revoked_at > $1::timestamptz - ${LOOK_BACK}`,
      [this.readUntil],
    );
    this.readUntil = rows[0]?.now;
    this.revocations.announce(
      rows.flatMap((row) => (row.id === null ? [] : [{ userId: row.user_id, sessionId: row.id }])),
    );
  }
}
