import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Metrics } from '../monitor/metrics.js';
import { Database } from '../persistence/database.js';

/** The line of runs as a metric, of all processes: read from the database at the scrape. */
@Injectable()
export class RunMetrics implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    const unfinished = {
      name: 'goldenpath_runs_unfinished',
      help: 'Runs that are not over, by state.',
      label: 'state',
    };
    this.metrics.gauges(unfinished, () => this.unfinished());
  }

  /** Uses run_unfinished. `waiting` runs are not in the queue yet, `queued` ones are. */
  private async unfinished(): Promise<Record<string, number>> {
    const rows = await this.database.rows<{ state: string; count: number }>(
      `SELECT CASE WHEN state <> 'pending' THEN state WHEN dispatched THEN 'queued' ELSE 'waiting' END AS state, count(*) AS count
       FROM run WHERE state IN ('pending','starting','running','completing') GROUP BY 1`,
    );
    const none = { waiting: 0, queued: 0, starting: 0, running: 0, completing: 0 };
    return { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
  }
}
