import pg from 'pg';
import { DataSource, type Logger as TypeormLogger } from 'typeorm';
import type { Logger } from '../telemetry/logger.js';
import { columnTypes } from './column-types.js';
import { MIGRATIONS } from './migrations/migrations.js';

/** With the queue's own connections and a few extra sessions well under the 60 of the embedded server. */
const POOL_SIZE = 20;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * A statement ends before the tool or the request that it is for. Locks of a transaction that stands still end well under the three seconds
 * after which another process takes its run over, so that a frozen owner (SIGSTOP) can't hold the run's rows.
 */
const SESSION_LIMITS = {
  statement_timeout: 30_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 2_000,
};
/** A server that is reachable but stands still: later than statement_timeout, which leaves the connection usable. */
const QUERY_TIMEOUT_MS = 35_000;

/** The server notices a client whose machine is gone, and drops its session and locks, within five seconds. */
const KEEP_ALIVE = ['idle=2', 'interval=1', 'count=3'].map((setting) => `-c tcp_keepalives_${setting}`).join(' ');

/**
 * Statements are prepared once and run a million times, so that planning each run anew costs more than a plan for one user's values saves;
 * left alone, PostgreSQL would do so for every statement that takes an array.
 */
const PLANS = '-c plan_cache_mode=force_generic_plan';

/**
 * Analyses sort and group a tenant's usage; with PostgreSQL's 4 MB even small ones do so on disk. Every sort of every session may take so much, and
 * three times POOL_SIZE of them have to fit beside a small PostgreSQL: 960 MB.
 */
const MEMORY = '-c work_mem=16MB';

const nothing = (): void => undefined;
/** TypeORM writes to standard output, which belongs to commands, even with logging off. Its errors are thrown as well, and logged by us. */
const SILENT: TypeormLogger = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};

const common = (url: string) => ({
  type: 'postgres' as const,
  url,
  driver: pg,
  entities: [],
  migrations: [...MIGRATIONS],
  synchronize: false,
  logging: false,
  logger: SILENT,
  installExtensions: false,
  connectTimeoutMS: CONNECT_TIMEOUT_MS,
  applicationName: 'goldenpath',
});

/** The data source of the application: its pool is what Database runs on. Opened by Connections. */
export function applicationSource(url: string, logger: Logger): DataSource {
  return new DataSource({
    ...common(url),
    poolSize: POOL_SIZE,
    poolErrorHandler: (error: unknown) => {
      logger.warn('database_connection_lost', { error });
    },
    extra: {
      ...SESSION_LIMITS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 1_000,
      options: `${KEEP_ALIVE} ${PLANS} ${MEMORY}`,
      types: columnTypes,
    },
  });
}

/** A change of a table that is being read waits behind its readers, and everybody else behind it: less than others wait for a lock. */
const MIGRATION_LOCK_TIMEOUT_MS = 1_000;

/**
 * A data source for migrations: one connection, statements without limits of time. Each migration is committed by itself, so that the lock of a
 * quick one is not held through the work of a long one, while servers of the version before are at work.
 */
export function migrationSource(url: string): DataSource {
  return new DataSource({
    ...common(url),
    migrationsTransactionMode: 'each',
    poolSize: 1,
    poolErrorHandler: () => undefined,
    extra: { keepAlive: true, lock_timeout: MIGRATION_LOCK_TIMEOUT_MS },
  });
}
