/**
 * What was committed at a moment, by PostgreSQL's pg_snapshot in its text form, `xmin:xmax:xip,…`
 * (https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT-PARTS).
 */
export class CommittedSnapshot {
  private readonly firstRunning: bigint;
  private readonly next: bigint;
  private readonly running: ReadonlySet<bigint>;

  constructor(readonly text: string) {
    const [xmin = '', xmax = '', running = ''] = text.split(':');
    this.firstRunning = BigInt(xmin);
    this.next = BigInt(xmax);
    this.running = new Set(running === '' ? [] : running.split(',').map(BigInt));
  }

  /** Whether the transaction (an xid8) was over then. As pg_visible_in_snapshot. */
  includes(transaction: bigint): boolean {
    if (transaction < this.firstRunning) return true;
    return transaction < this.next && !this.running.has(transaction);
  }
}
