import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Logger } from '../../telemetry/logger.js';
import { errorLine } from '../error-line.js';
import { StartupError } from '../startup-error.js';
import type { Cluster } from './cluster.js';
import { attachOrLaunch, type Running } from './launch.js';
import { takeOwnership } from './owner-lock.js';
import { prepareCluster } from './prepare-cluster.js';
import type { ServerAddress } from './server-address.js';
import { databaseUrl } from './session.js';
import { shutDown } from './shut-down.js';

const DATABASE = 'goldenpath';
const TAKE_OVER_ATTEMPTS = 3;
const RESTART_PAUSE_MS = 1_000;

/**
 * A real PostgreSQL of our own in DATA_DIR (docs/decisions/0001-embedded-postgresql.md). It is a process of its own that outlives a killed
 * server, and the next server attaches to it. One server owns it at a time. When PostgreSQL dies, it is started again at the same address.
 */
export class EmbeddedServer {
  private readonly stopping = new AbortController();
  private owned: { readonly cluster: Cluster; session: Client; readonly address: ServerAddress } | undefined;
  private restoring: Promise<void> | undefined;

  constructor(
    private readonly dataDir: string,
    private readonly logger: Logger,
  ) {}

  /** Starts or attaches; answers the database's URL. Throws StartupError, also if another server owns this DATA_DIR. */
  async start(): Promise<string> {
    try {
      const cluster = await prepareCluster(this.dataDir, this.logger);
      const { address, session } = await this.takeOver(cluster);
      this.owned = { cluster, session, address };
      this.watch(session);
      await createDatabase(session);
      return databaseUrl(cluster, address, DATABASE);
    } catch (error) {
      if (error instanceof StartupError) throw error;
      throw new StartupError(`The embedded database of ${this.dataDir} can't be started: ${errorLine(error)}`, error);
    }
  }

  /** Stops PostgreSQL, whoever started it, if we own it. To be called when start() has ended. Waits at most half a minute. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.restoring;
    if (this.owned === undefined) return;
    const { cluster, session } = this.owned;
    this.owned = undefined;
    // The lock goes with the server: no other server can attach to it in between.
    await shutDown(cluster);
    await session.end().catch(() => undefined);
  }

  /** Tries again when the server that it attached to was just being stopped by its former owner. */
  private async takeOver(cluster: Cluster, address?: ServerAddress): Promise<Running> {
    for (let attempt = 1; ; attempt += 1) {
      const running = await attachOrLaunch(cluster, address);
      try {
        if (await takeOwnership(running.session)) return running;
        throw new StartupError(
          `Another Goldenpath server runs on ${this.dataDir}. Stop it, or start this one with another DATA_DIR.`,
        );
      } catch (error) {
        await running.session.end().catch(() => undefined);
        if (error instanceof StartupError || attempt === TAKE_OVER_ATTEMPTS) throw error;
      }
    }
  }

  private watch(session: Client): void {
    session.once('end', () => {
      if (this.isStopping()) return;
      this.logger.error('embedded_database_lost', { folder: this.owned?.cluster.folder });
      this.restoring = this.restore();
    });
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Never gives up: the pool knows the address, so the server has to come back there. */
  private async restore(): Promise<void> {
    while (this.owned !== undefined && !this.isStopping()) {
      try {
        const { session } = await this.takeOver(this.owned.cluster, this.owned.address);
        this.owned.session = session;
        this.watch(session);
        this.logger.info('embedded_database_restored', { folder: this.owned.cluster.folder });
        return;
      } catch (error) {
        if (!this.isStopping()) this.logger.error('embedded_database_away', { error });
        await pause(RESTART_PAUSE_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }
}

async function createDatabase(session: Client): Promise<void> {
  const { rowCount } = await session.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
  if (rowCount === 0) await session.query(`CREATE DATABASE ${DATABASE}`);
}
