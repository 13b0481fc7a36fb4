import { AppError } from '../../errors/app-error.js';
import { hasSqlState, isDatabaseUnavailable } from '../../persistence/database-error.js';
import type { Database } from '../../persistence/database.js';
import { ADD_WHOLE_BATCH, WRITTEN } from './import-counts.js';
import { rowsLost } from './rows-lost.js';
import { usageCopy, type RowsOwner, type UsageCopy } from './usage-copy.js';
import { columnArrays, INSERT_BUCKETS, INSERT_USAGE } from './usage-insert.js';
import type { UsageRow } from './usage-row.js';

/** How far an import is when a batch is added. */
export interface SoFar {
  readonly rejected: number;
  /** Of the file, 0 to 100; undefined when its size is not known. */
  readonly percent: number | undefined;
  /** Rows of the batches before, which tells a batch that is added a second time, or after one that was lost; undefined for an import that many add to at once. */
  readonly before: number | undefined;
}

/** A batch that is ready to be stored. */
export interface UsageBatch {
  readonly rows: readonly UsageRow[];
  readonly copy: UsageCopy | undefined;
}

/**
 * Writes the rows of one import. New rows are copied, which is fastest and fails when one of them is there already; from then on rows are inserted
 * one by one, until a batch has only new ones again.
 */
export class UsageWriter {
  private expectsNew = true;
  /** Of messages that were sent. A new one for each batch would be garbage sooner than it is collected. */
  private readonly spare: Buffer[] = [];

  constructor(
    private readonly database: Database,
    private readonly owner: RowsOwner,
  ) {}

  /** The part of the work that needs no database. */
  prepare(rows: readonly UsageRow[]): UsageBatch {
    if (!this.expectsNew || rows.length === 0) return { rows, copy: undefined };
    return { rows, copy: usageCopy(this.owner, rows, this.spare.pop() ?? Buffer.alloc(0)) };
  }

  /**
   * Adds a batch and its counts, both or neither. It survives a crash of PostgreSQL only together with what is committed after it: the end of its
   * import, which counts the rows.
   */
  async add({ rows, copy }: UsageBatch, soFar: SoFar): Promise<void> {
    if (copy !== undefined && this.expectsNew && (await this.copied(rows.length, copy, soFar))) return;
    this.expectsNew = (await this.insert(rows, soFar)) === rows.length;
  }

  /** Adds rows of which any may be there already; answers how many were not. They are on disk then. Buckets go apart from requests, for they can grow. */
  async insert(rows: readonly UsageRow[], soFar: SoFar): Promise<number> {
    const buckets = rows.filter(({ rowKind }) => rowKind === 'bucket');
    const requests = buckets.length === 0 ? rows : rows.filter(({ rowKind }) => rowKind === 'request');
    const added = buckets.length === 0 ? 0 : await this.inserted(INSERT_BUCKETS, buckets, soFar);
    const isDone = requests.length === 0 && buckets.length > 0;
    if (isDone) return added;
    const before = soFar.before === undefined ? undefined : soFar.before + buckets.length;
    return added + (await this.inserted(INSERT_USAGE, requests, { ...soFar, before }));
  }

  private async inserted(statement: string, rows: readonly UsageRow[], soFar: SoFar): Promise<number> {
    const { tenantId, source, supersedes = false } = this.owner;
    const ofBuckets = statement === INSERT_BUCKETS ? [supersedes] : [];
    const parameters = [...this.counts(rows.length, soFar), tenantId, source, ...columnArrays(rows), ...ofBuckets];
    for (let attempt = 1; ; attempt += 1) {
      try {
        const added = await this.database.row<{ accepted: number }>(statement, parameters);
        return added?.accepted ?? (await this.addedBefore(rows.length, soFar));
      } catch (error) {
        throwIfTooMuch(error);
        if (!CONFLICTS.some((state) => hasSqlState(error, state)) || attempt === ADD_ATTEMPTS) throw error;
      }
    }
  }

  /** False when a row is there already, somebody else is just adding it, or the session was lost. */
  private async copied(rows: number, { text, message, memory, totals }: UsageCopy, soFar: SoFar): Promise<boolean> {
    try {
      await this.database.transaction(
        async (sql) => {
          await sql.copyIn(text, message);
          if ((await sql.execute(ADD_WHOLE_BATCH, [...this.counts(rows, soFar), ...totals])) === 0) throw rowsLost();
        },
        { durable: false },
      );
      this.spare.push(memory);
      return true;
    } catch (error) {
      throwIfTooMuch(error);
      if ([UNIQUE_VIOLATION, ...CONFLICTS].some((state) => hasSqlState(error, state))) return false;
      // On a busy machine a session may stand still between two statements until PostgreSQL ends it; one statement can't. If it did commit,
      // the counts of the import say so then.
      if (isDatabaseUnavailable(error)) return false;
      throw error;
    }
  }

  /** For counts that did not stand where the batch begins: all of it was new and was added, when they stand where it ends. */
  private async addedBefore(rows: number, { before }: SoFar): Promise<number> {
    const found = await this.database.row<{ written: number }>(
      `SELECT ${WRITTEN} AS written FROM usage_import WHERE id = $1`,
      [this.owner.id],
    );
    if (found === undefined) throw new AppError('internal', 'The import is not there any more.');
    if (before === undefined || found.written !== before + rows) throw rowsLost();
    return rows;
  }

  private counts(rows: number, { rejected, percent, before }: SoFar) {
    return [this.owner.id, rejected, rows, percent, before];
  }
}

const UNIQUE_VIOLATION = '23505';
const NUMBER_OUT_OF_RANGE = '22003';
/** Deadlock and lock timeout: another import of the same rows; the statement can simply be run again. */
const CONFLICTS = ['40P01', '55P03'];
const ADD_ATTEMPTS = 5;

function throwIfTooMuch(error: unknown): void {
  if (!hasSqlState(error, NUMBER_OUT_OF_RANGE)) return;
  throw new AppError('validation_failed', 'The costs in the file add up to more than can be counted.', {
    cause: error,
  });
}
