import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { runUntilAborted } from './abortable-statements.js';
import { copyIn } from './copy-in.js';
import { databaseError } from './database-error.js';
import type { Sql, SqlInTransaction, SqlParameter } from './sql.js';

/**
 * How statements are planned. `groups`: for those that look at all usage of a tenant. They run for long, so that a plan for these values pays, and
 * they make few groups of many rows, which are hashed: the planner takes groups by expressions for many, and would sort all rows on disk.
 */
const PLANNING = {
  usual: undefined,
  groups: 'SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_sort = off',
} as const;

/** The one door to PostgreSQL: a pool of connections that runs statements and transactions. Errors come as AppError (database_unavailable) or as they are. */
@Injectable()
export class Database implements Sql {
  constructor(private readonly poolOf: () => Pool) {}

  async rows<Row extends object>(text: string, parameters: readonly SqlParameter[] = []): Promise<Row[]> {
    return (await this.query(text, parameters)).rows as Row[];
  }

  async row<Row extends object>(text: string, parameters: readonly SqlParameter[] = []): Promise<Row | undefined> {
    return (await this.rows<Row>(text, parameters))[0];
  }

  async execute(text: string, parameters: readonly SqlParameter[] = []): Promise<number> {
    return (await this.query(text, parameters)).rowCount ?? 0;
  }

  /**
   * The same door for work that may be stopped: when the signal aborts, a running statement is cancelled in PostgreSQL and throws its reason.
   * `purpose`: see PLANNING; reading only, for each statement is a transaction of its own.
   */
  within(signal: AbortSignal, purpose: keyof typeof PLANNING = 'usual'): Sql {
    const settings = PLANNING[purpose];
    return new Statements((text, parameters) =>
      runUntilAborted(this.poolOf(), { ...prepared(text, parameters), settings }, signal).catch(rethrow),
    );
  }

  /**
   * Runs `work` in one transaction on one connection: committed when it resolves, rolled back when it throws. One that is not `durable` survives a crash
   * of PostgreSQL only together with a durable one that is committed after it.
   */
  async transaction<Result>(
    work: (sql: SqlInTransaction) => Promise<Result>,
    { durable = true }: { readonly durable?: boolean } = {},
  ): Promise<Result> {
    const client = await this.poolOf().connect().catch(rethrow);
    let broken: Error | undefined;
    // A connection that is lost between two statements says so by an event that would end the process if nobody listened; the next
    // statement fails anyway.
    client.on('error', ignore);
    try {
      await client.query(durable ? 'BEGIN' : 'BEGIN; SET LOCAL synchronous_commit = off');
      const result = await work(new StatementsInTransaction(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      broken = await rollBack(client);
      throw databaseError(error);
    } finally {
      client.off('error', ignore);
      client.release(broken);
    }
  }

  private async query(text: string, parameters: readonly SqlParameter[]): Promise<QueryResult> {
    return this.poolOf().query(prepared(text, parameters)).catch(rethrow);
  }
}

/** Statements that all go the same way: through one transaction, or until a signal aborts. */
class Statements implements Sql {
  constructor(private readonly run: (text: string, parameters: readonly SqlParameter[]) => Promise<QueryResult>) {}

  async rows<Row extends object>(text: string, parameters: readonly SqlParameter[] = []): Promise<Row[]> {
    return (await this.run(text, parameters)).rows as Row[];
  }

  async row<Row extends object>(text: string, parameters: readonly SqlParameter[] = []): Promise<Row | undefined> {
    return (await this.rows<Row>(text, parameters))[0];
  }

  async execute(text: string, parameters: readonly SqlParameter[] = []): Promise<number> {
    return (await this.run(text, parameters)).rowCount ?? 0;
  }
}

class StatementsInTransaction extends Statements implements SqlInTransaction {
  constructor(private readonly client: PoolClient) {
    super((text, parameters) => client.query(prepared(text, parameters)));
  }

  copyIn(text: string, message: Buffer): Promise<number> {
    return copyIn(this.client, text, message);
  }
}

/** A connection that can't even roll back is thrown away, not handed to the next one. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const ignore = (): void => undefined;

function rethrow(error: unknown): never {
  throw databaseError(error);
}

/** More distinct texts than this mean that somebody builds statements from values; they run unnamed rather than fill the server's memory. */
const PREPARED_STATEMENTS_MAX = 500;
const names = new Map<string, string>();

function prepared(
  text: string,
  parameters: readonly SqlParameter[],
): { name?: string; text: string; values: unknown[] } {
  const known = names.get(text);
  if (known !== undefined) return { name: known, text, values: [...parameters] };
  if (names.size >= PREPARED_STATEMENTS_MAX) return { text, values: [...parameters] };
  const name = createHash('sha1').update(text).digest('base64url');
  names.set(text, name);
  return { name, text, values: [...parameters] };
}
