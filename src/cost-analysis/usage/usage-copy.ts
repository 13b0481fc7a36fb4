import { BinaryRows } from '../../persistence/binary-rows.js';
import type { SqlParameter } from '../../persistence/sql.js';
import { USAGE_COLUMNS, type ColumnType, type UsageColumn } from './usage-columns.js';
import type { UsageRow } from './usage-row.js';

/** A batch in the form in which PostgreSQL takes it fastest, for rows that are most likely new. */
export interface UsageCopy {
  /** COPY with the columns that the batch has. */
  readonly text: string;
  readonly message: Buffer;
  /** In which the message lies. */
  readonly memory: Buffer;
  /** $6 … $9 of ADD_WHOLE_BATCH. */
  readonly totals: readonly SqlParameter[];
}

/** Whose rows they are: the columns that are the same for a whole import. */
export interface RowsOwner {
  readonly id: string;
  readonly tenantId: string;
  readonly source: string;
  /** The file is later than what is there: what it says of a bucket counts, also where that is less. */
  readonly supersedes?: boolean;
}

const FIXED = ['tenant_id', 'source', 'import_id'];

/** `rows`: at least one. `memory`: for the message; it grows. */
export function usageCopy(owner: RowsOwner, rows: readonly UsageRow[], memory: Buffer): UsageCopy {
  const columns = USAGE_COLUMNS.filter(({ of }) => rows.some((row) => of(row) !== undefined));
  const to = new BinaryRows(memory, (start) => {
    start.fields(FIXED.length + columns.length);
    start.uuid(owner.tenantId);
    start.text(owner.source);
    start.uuid(owner.id);
  });
  for (const row of rows) {
    to.row();
    for (const { of, type } of columns) write(to, type, of(row));
  }
  const names = [...FIXED, ...columns.map(({ name }) => name)].join(', ');
  return {
    text: `COPY usage_event (${names}) FROM STDIN (FORMAT binary)`,
    message: to.message(),
    memory: to.memory,
    totals: totalsOf(rows),
  };
}

function write(to: BinaryRows, type: ColumnType, value: ReturnType<UsageColumn['of']>): void {
  if (value === undefined) to.null();
  else if (typeof value === 'string') {
    if (type === 'jsonb') to.jsonb(value);
    else to.text(value);
  } else if (typeof value === 'boolean') to.boolean(value);
  else if (value instanceof Date) to.timestamp(value);
  else if (type === 'integer') to.integer(Number(value));
  else to.bigint(value);
}

function totalsOf(rows: readonly UsageRow[]): SqlParameter[] {
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [reported, computed]: (bigint | undefined)[] = [undefined, undefined];
  for (const { tsStart, costReported, costComputed } of rows) {
    const startMs = tsStart.getTime();
    if (startMs < fromMs) fromMs = startMs;
    if (startMs > toMs) toMs = startMs;
    if (costReported !== undefined) reported = (reported ?? 0n) + costReported;
    if (costComputed !== undefined) computed = (computed ?? 0n) + costComputed;
  }
  return [new Date(fromMs), new Date(toMs), reported, computed];
}
