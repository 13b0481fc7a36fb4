import type { Cluster } from './cluster.js';

interface LostRun {
  readonly runId: string;
  readonly epoch: number;
  readonly lostMs: number;
  disturbed: boolean;
}

/** After this time a take-over is over, well or not: what happens later does not disturb it. */
export const TAKE_OVER_MS = 6_000;

/**
 * How long runs that lost their worker waited for the next one: from the kill or freeze to the first event of a later epoch.
 * Only where another worker was there and the database was not struck meanwhile: otherwise it measures the faults.
 */
export class TakeOvers {
  private readonly runs: LostRun[] = [];

  constructor(
    private readonly cluster: Cluster,
    private readonly databaseUrl: string,
  ) {}

  /** The process that owns most runs. */
  async busiestOwner(): Promise<number | undefined> {
    const [row] = await this.cluster.rows<{ pid: number }>(
      this.databaseUrl,
      `SELECT split_part(owner, '-', 1)::int AS pid FROM run WHERE state IN ('starting','running','completing')
       GROUP BY pid ORDER BY count(*) DESC LIMIT 1`,
    );
    return row?.pid;
  }

  /** A process is gone since `lostMs`: notes the runs that it owned. */
  async lost(pid: number | undefined, lostMs: number): Promise<void> {
    const rows = await this.cluster.rows<{ id: string; epoch: number }>(
      this.databaseUrl,
      `SELECT id, epoch FROM run WHERE owner LIKE $1 || '-%' AND state IN ('starting','running','completing')`,
      [String(pid)],
    );
    this.disturb();
    this.runs.push(...rows.map(({ id, epoch }) => ({ runId: id, epoch, lostMs, disturbed: false })));
  }

  /** Something else strikes what take-overs need. */
  disturb(): void {
    const now = Date.now();
    for (const run of this.runs) if (now - run.lostMs < TAKE_OVER_MS) run.disturbed = true;
  }

  /** Milliseconds of each undisturbed take-over. */
  async durationsMs(): Promise<number[]> {
    const runs = this.runs.filter(({ disturbed }) => !disturbed);
    const rows = await this.cluster.rows<{ waited_ms: number }>(
      this.databaseUrl,
      `SELECT (extract(epoch FROM min(e.created_at)) * 1000 - l.lost_ms)::float8 AS waited_ms
       FROM unnest($1::uuid[], $2::int[], $3::float8[]) AS l (run_id, epoch, lost_ms)
       JOIN run_event e ON e.run_id = l.run_id AND e.epoch > l.epoch
       GROUP BY l.run_id, l.epoch, l.lost_ms`,
      [runs.map(({ runId }) => runId), runs.map(({ epoch }) => epoch), runs.map(({ lostMs }) => lostMs)],
    );
    return rows.map(({ waited_ms }) => waited_ms);
  }
}
