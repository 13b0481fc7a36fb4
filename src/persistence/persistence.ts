import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { Clock } from '../telemetry/clock.js';
import { Logger } from '../telemetry/logger.js';
import { Connections } from './connections.js';
import { databaseError, databaseUnavailable, isDatabaseUnavailable, isTransient } from './database-error.js';
import { Database } from './database.js';
import { EmbeddedServer } from './embedded/embedded-server.js';
import { errorLine } from './error-line.js';
import { Installation } from './installation.js';
import { migrate } from './migrate.js';
import { StartupError } from './startup-error.js';

/** Steps of start(), in their order. */
export type PersistencePhase = 'database' | 'migrations';

const RETRY_PAUSE_MS = 1_000;
/** Health answers within two seconds. */
const PING_TIMEOUT_MS = 1_500;

/** The life of the store: embedded server or DATABASE_URL, migrations, connections. Does nothing until start(). */
@Injectable()
export class Persistence {
  private readonly stopping = new AbortController();
  private starting: Promise<void> = Promise.resolve();
  private embedded: EmbeddedServer | undefined;
  private url: string | undefined;

  constructor(
    private readonly configuration: Configuration,
    private readonly connections: Connections,
    private readonly database: Database,
    private readonly installation: Installation,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /**
   * Resolves when statements can run on the migrated schema. Waits for an external database that is away. Throws StartupError when it will
   * not work by waiting; everything that was started is stopped then.
   */
  async start(onPhase: (phase: PersistencePhase) => void = () => undefined): Promise<void> {
    this.starting = this.bringUp(onPhase);
    try {
      await this.starting;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Closes the connections, then stops the embedded server. Also ends a start() that is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.starting.catch(() => undefined);
    await this.connections.close();
    await this.embedded?.stop();
    this.embedded = undefined;
  }

  /** Where the database is, for those who need a connection of their own (queue, LISTEN). Throws database_unavailable before start(). */
  get connectionUrl(): string {
    if (this.url === undefined) throw databaseUnavailable('is not connected');
    return this.url;
  }

  /** Host, port and name of the database, without credentials. */
  get address(): string {
    const { databaseUrl } = this.configuration;
    const url = this.url ?? databaseUrl;
    if (url === undefined) return 'embedded';
    const { host, pathname, searchParams } = new URL(url);
    return `${host === '' ? (searchParams.get('host') ?? '') : decodeURIComponent(host)}${pathname}`;
  }

  /** How long a round trip to the database takes, in milliseconds. Throws AppError database_unavailable after 1.5 s at the latest. */
  async ping(): Promise<number> {
    const startedMs = this.clock.monotonicMs();
    const timeLimit = new AbortController();
    const tooLate = pause(PING_TIMEOUT_MS, undefined, { signal: timeLimit.signal }).then(() => {
      throw databaseUnavailable('does not answer');
    });
    // Whoever loses the race must not become an unhandled rejection.
    tooLate.catch(() => undefined);
    const answer = this.database.execute('SELECT 1');
    answer.catch(() => undefined);
    await Promise.race([answer, tooLate]).finally(() => timeLimit.abort());
    return this.clock.monotonicMs() - startedMs;
  }

  private async bringUp(onPhase: (phase: PersistencePhase) => void): Promise<void> {
    onPhase('database');
    const url = this.configuration.databaseUrl ?? (await this.startEmbedded());
    await this.whenReachable(() => this.connections.open(url));
    onPhase('migrations');
    const names = await this.whenReachable(() => migrate(url));
    if (names.length > 0) this.logger.info('database_migrated', { migrations: names });
    this.connections.admit();
    await this.whenReachable(() => this.installation.load());
    this.url = url;
  }

  private startEmbedded(): Promise<string> {
    this.embedded = new EmbeddedServer(this.configuration.dataDir, this.logger);
    return this.embedded.start();
  }

  /** Waits while the database is away, or a table that is to be changed is in use; an error that waiting does not mend is told in one line. */
  private async whenReachable<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (raw) {
        const error = databaseError(raw);
        if (this.stopping.signal.aborted) throw error;
        if (!isDatabaseUnavailable(error) && !isTransient(raw)) {
          throw new StartupError(`The database can't be used: ${errorLine(raw)}`, raw);
        }
        if (attempt === 1) this.logger.warn('database_away', { error: raw });
        await pause(RETRY_PAUSE_MS, undefined, { signal: this.stopping.signal });
      }
    }
  }
}
