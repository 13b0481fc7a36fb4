import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';
import { Logger } from '../telemetry/logger.js';
import { Metrics } from './metrics.js';

/** What operators are told of. `details` are ids, codes and numbers: nothing that a user wrote. */
export interface Alert {
  readonly kind: 'final_event_unseen' | 'monitor_state_changed' | 'run_error';
  readonly severity: 'info' | 'warning' | 'critical';
  readonly details: Readonly<Record<string, string | number | null>>;
}

/** Alerts that wait; more than these at once tell nobody anything new. */
const QUEUE_MAX = 100;
const CALL_TIMEOUT_MS = 5_000;
const ATTEMPTS_MAX = 5;
const FIRST_DELAY_MS = 500;

/** Sends alerts to ALERT_WEBHOOK_URL, one after the other, behind everything else: what goes wrong here hurts nobody. */
@Injectable()
export class Alerts implements OnApplicationShutdown {
  private readonly waiting: string[] = [];
  private readonly stopping = new AbortController();
  private readonly outcomes: { inc(outcome: string): void };
  private sending: Promise<void> | undefined;

  constructor(
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.outcomes = metrics.labelledCounter('goldenpath_alerts_total', 'Alerts, by what became of them.', 'outcome');
  }

  /** Never throws and never waits. Each alert is logged, also where no webhook is configured. */
  raise({ kind, severity, details }: Alert): void {
    this.logger.warn('alert', { kind, severity, ...details });
    if (this.configuration.alertWebhookUrl === undefined || this.stopping.signal.aborted) return;
    if (this.waiting.length >= QUEUE_MAX) {
      this.outcomes.inc('dropped');
      return;
    }
    const { version } = this.configuration;
    const alert = {
      alert_id: this.ids.next(),
      service: 'goldenpath',
      version,
      kind,
      severity,
      at: this.clock.timestamp(),
    };
    this.waiting.push(JSON.stringify({ ...alert, details }));
    this.sending ??= this.sendAll(this.configuration.alertWebhookUrl).finally(() => (this.sending = undefined));
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  private async sendAll(url: string): Promise<void> {
    for (let body = this.waiting.shift(); body !== undefined; body = this.waiting.shift()) {
      const isDelivered = await this.deliver(url, body);
      this.outcomes.inc(isDelivered ? 'delivered' : 'failed');
      // Without the address: those of chat services hold a secret.
      if (!isDelivered) this.logger.warn('alert_not_delivered', { attempts: ATTEMPTS_MAX });
    }
  }

  private async deliver(url: string, body: string): Promise<boolean> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX && !this.stopping.signal.aborted; attempt += 1) {
      const answer = await this.call(url, body);
      if (answer !== 'again') return answer === 'delivered';
      if (attempt < ATTEMPTS_MAX) await this.pause(FIRST_DELAY_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
    }
    return false;
  }

  /** A receiver that does not understand an alert will not understand it the next time either. */
  private async call(url: string, body: string): Promise<'delivered' | 'refused' | 'again'> {
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
    try {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
      await response.body?.cancel();
      if (response.ok) return 'delivered';
      return response.status >= 500 || RETRIED_STATUSES.includes(response.status) ? 'again' : 'refused';
    } catch {
      return 'again';
    }
  }

  private async pause(delayMs: number): Promise<void> {
    await delay(delayMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

/** Request timeout, too early, too many requests. */
const RETRIED_STATUSES = [408, 425, 429];
