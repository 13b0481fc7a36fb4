import { z } from 'zod';
import type { EventCounts } from './delivery-window.js';
import type { MonitorReport } from './golden-path-monitor.js';
import { healthOf, worstOf, type PathHealth } from './path-health.js';

const count = z.number();

/** What a process tells the others of its monitor. */
export const monitorNotes = z.object({
  evaluated_at: z.string(),
  events: z
    .array(z.object({ type: z.string(), emitted: count, delivered: count, failed: count, pending: count }))
    .readonly(),
});
export type MonitorNotes = z.output<typeof monitorNotes>;

/** What the monitor of one process found. */
export interface ProcessFigures {
  readonly processId: string;
  readonly role: string;
  /** Undefined: it has not looked yet. */
  readonly found: MonitorNotes | undefined;
}

/** How the delivery of the critical events goes in the whole deployment. */
export interface DeploymentReport extends MonitorReport {
  /** Whose figures these are the sums of. */
  readonly processes: readonly {
    readonly process_id: string;
    readonly role: string;
    readonly status: PathHealth;
    readonly evaluated_at: string | null;
    readonly emitted: number;
  }[];
}

/** Sums what each process found of the events that it stored: no event is stored by two. */
export function deploymentReport(own: MonitorReport, figures: readonly ProcessFigures[]): DeploymentReport {
  const found = figures.flatMap((process) => process.found?.events ?? []);
  const events = own.events.map(({ type }) => {
    const counts = summed(found.filter((event) => event.type === type));
    return { type, ...counts, ...healthOf(counts) };
  });
  return {
    ...own,
    status: worstOf(events.map(({ status }) => status)),
    events,
    processes: figures.map(({ processId, role, found: of }) => ({
      process_id: processId,
      role,
      status: worstOf((of?.events ?? []).map((counts) => healthOf(counts).status)),
      evaluated_at: of?.evaluated_at ?? null,
      emitted: summed(of?.events ?? []).emitted,
    })),
  };
}

const summed = (all: readonly EventCounts[]): EventCounts =>
  all.reduce(
    (sum, { emitted, delivered, failed, pending }) => ({
      emitted: sum.emitted + emitted,
      delivered: sum.delivered + delivered,
      failed: sum.failed + failed,
      pending: sum.pending + pending,
    }),
    { emitted: 0, delivered: 0, failed: 0, pending: 0 },
  );
