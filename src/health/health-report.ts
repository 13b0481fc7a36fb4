import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Configuration } from '../config/configuration.js';
import { ModelAvailability } from '../models/model-availability.js';
import { Lifecycle } from '../monitor/lifecycle.js';
import { Persistence } from '../persistence/persistence.js';
import { Clock } from '../telemetry/clock.js';

export type CheckStatus = 'up' | 'down' | 'degraded' | 'waiting' | 'running' | 'done' | 'failed';

export interface Health {
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly service: 'goldenpath';
  readonly version: string;
  readonly timestamp: string;
  readonly uptime_seconds: number;
  readonly mode: 'full' | 'limited' | 'starting' | 'draining' | 'stopped';
  readonly checks: Readonly<Record<string, { readonly status: CheckStatus; readonly latency_ms?: number }>>;
}

type Checks = Health['checks'];

/** Asks the dependencies, within two seconds, and says how the server is. */
@Injectable()
export class HealthReport {
  constructor(
    private readonly checker: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly persistence: Persistence,
    private readonly models: ModelAvailability,
    private readonly lifecycle: Lifecycle,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

  async full(): Promise<Health> {
    const checks = await this.dependencies();
    return this.compose(statusOf(checks), checks);
  }

  /** Not ready while starting or draining, and when the database is away. */
  async ready(): Promise<Health> {
    const checks = await this.dependencies();
    return this.compose(this.lifecycle.state === 'ready' ? statusOf(checks) : 'unhealthy', checks);
  }

  live(): Health {
    return this.compose('healthy', {});
  }

  startup(): Health {
    const phases = Object.entries(this.lifecycle.startup).map(([phase, status]) => [phase, { status }] as const);
    return this.compose(this.lifecycle.state === 'starting' ? 'unhealthy' : 'healthy', Object.fromEntries(phases));
  }

  private async dependencies(): Promise<Checks> {
    try {
      const { details } = await this.checker.check([() => this.database(), () => this.model()]);
      return checksOf(details);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      // Terminus answers a failed check by an exception that carries the same result.
      const { details } = error.getResponse() as { details: HealthIndicatorResult };
      return checksOf(details);
    }
  }

  private async database(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('database');
    try {
      return indicator.up({ latency_ms: Math.round(await this.persistence.ping()) });
    } catch {
      return indicator.down();
    }
  }

  private model(): HealthIndicatorResult {
    const indicator = this.indicators.check('model');
    const startedMs = this.clock.monotonicMs();
    const { isAway } = this.models;
    // What earlier calls have shown, not a call: each would cost money.
    const latency = { latency_ms: Math.round(this.clock.monotonicMs() - startedMs) };
    return isAway ? indicator.degraded(latency) : indicator.up(latency);
  }

  private compose(status: Health['status'], checks: Checks): Health {
    return {
      status,
      service: 'goldenpath',
      version: this.configuration.version,
      timestamp: this.clock.timestamp(),
      uptime_seconds: Math.round(process.uptime()),
      mode: this.lifecycle.state === 'ready' ? this.lifecycle.mode : this.lifecycle.state,
      checks,
    };
  }
}

const checksOf = (details: HealthIndicatorResult): Checks =>
  Object.fromEntries(
    Object.entries(details).map(([name, { status, latency_ms: latencyMs }]) => [
      name,
      { status, ...(typeof latencyMs === 'number' ? { latency_ms: latencyMs } : {}) },
    ]),
  );

function statusOf(checks: Checks): Health['status'] {
  if (checks.database?.status !== 'up') return 'unhealthy';
  return Object.values(checks).every(({ status }) => status === 'up') ? 'healthy' : 'degraded';
}
