import { CRITICAL_EVENTS } from '@goldenpath/protocol';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { Database } from '../persistence/database.js';
import { Clock } from '../telemetry/clock.js';
import { Logger } from '../telemetry/logger.js';
import { Alerts } from './alerts.js';
import { DeliveryWindow, type AppendedEvent, type DeliveryEvidence, type EventCounts } from './delivery-window.js';
import { healthOf, worstOf, type PathHealth } from './path-health.js';
import { Metrics } from './metrics.js';
import { STALLED_THREAD } from './stalled-thread.js';
import { UnseenFinals } from './unseen-finals.js';

const EVALUATION_MS = 10_000;
const WINDOW_MS = 300_000;

const CRITICAL: ReadonlySet<string> = new Set(CRITICAL_EVENTS);

/** How the delivery of the critical events that one process stored goes. `success_rate` is null where there is no data: neither 0 nor 1. */
export interface MonitorReport {
  readonly status: PathHealth;
  readonly evaluated_at: string;
  readonly window_s: number;
  readonly events: readonly (EventCounts & {
    readonly type: string;
    readonly success_rate: number | null;
    readonly status: PathHealth;
  })[];
}

/**
 * Watches whether what is emitted arrives ([MO1]), over a sliding window, for the events that this process stored: emitted
 * = appended; delivered = sent to somebody or acknowledged; failed = lost with its connection, or held back by an open one
 * that makes no progress; pending = nobody is there. What other processes delivered is in the ledger.
 */
@Injectable()
export class GoldenPathMonitor implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly window = new DeliveryWindow(WINDOW_MS);
  private readonly unseen: { inc(value: string): void };
  private timer: NodeJS.Timeout | undefined;
  private latest: MonitorReport | undefined;
  private evaluating: Promise<MonitorReport> | undefined;
  /** What operators were told last; a time without data changes nothing. */
  private toldStatus: PathHealth = 'HEALTHY';

  constructor(
    private readonly database: Database,
    private readonly finals: UnseenFinals,
    private readonly alerts: Alerts,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    const unseenHelp = 'Final events that nobody was shown in time.';
    this.unseen = metrics.labelledCounter('goldenpath_final_events_unseen_total', unseenHelp, 'reason');
    const rate = { name: 'goldenpath_event_success_rate', help: 'Delivered of delivered and failed.', label: 'type' };
    metrics.gauges(rate, () => this.rates());
    const status = { name: 'goldenpath_monitor_status', help: '1 at the state of the golden path.', label: 'status' };
    metrics.gauges(status, () => ({ [this.latest?.status ?? 'NO_DATA']: 1 }));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.evaluate().catch((error: unknown) => this.logger.warn('monitor_not_evaluated', { error }));
    }, EVALUATION_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Events were stored by this process. */
  appended(threadId: string, event: AppendedEvent): void {
    if (CRITICAL.has(event.type)) this.window.emitted(threadId, event, this.clock.monotonicMs());
  }

  /** The latest evaluation, if there was one yet. */
  get known(): MonitorReport | undefined {
    return this.latest;
  }

  /** The latest evaluation. */
  async report(): Promise<MonitorReport> {
    return this.latest ?? this.evaluate();
  }

  /** Looks at the window now, tells of changes and of final events that nobody has seen. */
  evaluate(): Promise<MonitorReport> {
    this.evaluating ??= this.look().finally(() => (this.evaluating = undefined));
    return this.evaluating;
  }

  private async look(): Promise<MonitorReport> {
    const { openRuns, openThreads } = this.window;
    if (openRuns.length > 0) this.window.settle(await this.evidence(openRuns), await this.stalled(openThreads));
    const nowMs = this.clock.monotonicMs();
    this.window.expire(nowMs);
    this.latest = this.compose(nowMs);
    this.tellStatus(this.latest);
    await this.tellUnseen().catch((error: unknown) => this.logger.warn('unseen_finals_not_looked_for', { error }));
    return this.latest;
  }

  /** Uses run_delivery_pkey. */
  private evidence(runIds: readonly string[]): Promise<DeliveryEvidence[]> {
    return this.database.rows<DeliveryEvidence>(
      `SELECT run_id, first_seq, sent_seq, acked_seq, failed_seq FROM run_delivery WHERE run_id = ANY($1::uuid[])`,
      [runIds],
    );
  }

  /** Uses run_delivery_thread. */
  private async stalled(threadIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.rows<{ thread_id: string }>(
      `SELECT DISTINCT d.thread_id FROM run_delivery d WHERE d.thread_id = ANY($1::uuid[]) AND ${STALLED_THREAD}`,
      [threadIds],
    );
    return new Set(rows.map((row) => row.thread_id));
  }

  private compose(nowMs: number): MonitorReport {
    const events = [...this.window.counts(nowMs)].map(([type, counts]) => ({ type, ...counts, ...healthOf(counts) }));
    return {
      status: worstOf(events.map(({ status }) => status)),
      evaluated_at: this.clock.timestamp(),
      window_s: WINDOW_MS / 1_000,
      events,
    };
  }

  /** Of all processes: the one that stored it may be gone. */
  private async tellUnseen(): Promise<void> {
    const withinS = this.configuration.finalEventSeenWithinS;
    for (const { is_held_back: isHeldBack, ...place } of await this.finals.take(withinS)) {
      const reason = isHeldBack ? 'no_progress' : 'nobody_connected';
      this.unseen.inc(reason);
      const details = { ...place, reason, within_s: withinS };
      this.alerts.raise({ kind: 'final_event_unseen', severity: 'warning', details });
    }
  }

  private tellStatus({ status, events }: MonitorReport): void {
    if (status === 'NO_DATA' || status === this.toldStatus) return;
    const before = this.toldStatus;
    this.toldStatus = status;
    const rates = Object.fromEntries(events.map(({ type, success_rate: rate }) => [type, rate]));
    const severity = ({ HEALTHY: 'info', WARNING: 'warning', AT_RISK: 'critical' } as const)[status];
    this.alerts.raise({ kind: 'monitor_state_changed', severity, details: { status, before, ...rates } });
  }

  private rates(): Record<string, number> {
    const known = (this.latest?.events ?? []).flatMap(({ type, success_rate: rate }): [string, number][] =>
      rate === null ? [] : [[type, rate]],
    );
    return Object.fromEntries(known);
  }
}
