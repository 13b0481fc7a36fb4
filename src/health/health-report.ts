import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Configuration } from '../config/configuration.js';
import { Lifecycle, type PhaseRecord } from '../monitor/lifecycle.js';
import { ServiceWatch, type ServiceCheck } from '../monitor/service-watch.js';
import type { Mode, Service } from '../monitor/services.js';
import { errorLine } from '../persistence/error-line.js';
import { Clock } from '../telemetry/clock.js';

export type CheckStatus = 'up' | 'down' | 'degraded' | PhaseRecord['status'];

export interface Check {
  readonly status: CheckStatus;
  readonly latency_ms: number;
  /** For platform admins: where the service is, and what it answered with. */
  readonly address?: string;
  readonly message?: string;
}

export interface Health {
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly service: 'goldenpath';
  readonly version: string;
  readonly timestamp: string;
  readonly uptime_seconds: number;
  readonly mode: Mode | 'starting' | 'draining' | 'stopped';
  readonly checks: Readonly<Record<string, Check>>;
}

type Checks = Health['checks'];

/** Services that nothing is asked for: a call to a model costs money, and agents are made for a run only. */
const NOTED: readonly Service[] = ['model', 'supervisor'];
const STATUS_OF_MODE = { full: 'up', degraded: 'degraded', limited: 'down' } as const satisfies Record<
  Mode,
  CheckStatus
>;

/** Asks the dependencies, within two seconds, and says how the server is. */
@Injectable()
export class HealthReport {
  constructor(
    private readonly checker: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly watch: ServiceWatch,
    private readonly lifecycle: Lifecycle,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

  async full(showsDetails: boolean): Promise<Health> {
    const checks = await this.dependencies(showsDetails);
    return this.compose(statusOf(checks), checks);
  }

  /** Not ready while starting or draining, and when the database is away. */
  async ready(showsDetails: boolean): Promise<Health> {
    const checks = await this.dependencies(showsDetails);
    return this.compose(this.lifecycle.state === 'ready' ? statusOf(checks) : 'unhealthy', checks);
  }

  live(): Health {
    return this.compose('healthy', {});
  }

  startup(): Health {
    const checks = Object.entries(this.lifecycle.startup).map(([phase, { status, latencyMs }]): [string, Check] => [
      phase,
      { status, latency_ms: latencyMs },
    ]);
    return this.compose(this.lifecycle.state === 'starting' ? 'unhealthy' : 'healthy', Object.fromEntries(checks));
  }

  private async dependencies(showsDetails: boolean): Promise<Checks> {
    const asked = this.watch.registered.map((check) => () => this.ask(check));
    const noted = NOTED.map((service) => () => this.noted(service));
    return checksOf(await this.results([...asked, ...noted]), showsDetails);
  }

  private async results(
    functions: readonly (() => HealthIndicatorResult | Promise<HealthIndicatorResult>)[],
  ): Promise<HealthIndicatorResult> {
    try {
      return (await this.checker.check([...functions])).details;
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      // Terminus answers a failed check by an exception that carries the same result.
      return (error.getResponse() as { details: HealthIndicatorResult }).details;
    }
  }

  private async ask(check: ServiceCheck): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(check.service);
    const startedMs = this.clock.monotonicMs();
    const found = (): JsonFields => ({
      latency_ms: Math.round(this.clock.monotonicMs() - startedMs),
      address: check.address(),
    });
    try {
      await this.watch.ask(check);
      return indicator.up(found());
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      return indicator.down({ ...found(), message: errorLine(cause) });
    }
  }

  private noted(service: Service): HealthIndicatorResult {
    const status = STATUS_OF_MODE[this.lifecycle.modeOf(service)];
    return { [service]: { status, latency_ms: 0 } };
  }

  /** A check may find out earlier than the watch, which looks twice before it tells. */
  private modeAt(checks: Checks): Mode {
    if (checks.database?.status === 'down') return 'limited';
    const isImpaired = Object.values(checks).some(({ status }) => status === 'down' || status === 'degraded');
    return this.lifecycle.mode === 'full' && isImpaired ? 'degraded' : this.lifecycle.mode;
  }

  private compose(status: Health['status'], checks: Checks): Health {
    return {
      status,
      service: 'goldenpath',
      version: this.configuration.version,
      timestamp: this.clock.timestamp(),
      uptime_seconds: Math.round(process.uptime()),
      mode: this.lifecycle.state === 'ready' ? this.modeAt(checks) : this.lifecycle.state,
      checks,
    };
  }
}

type JsonFields = Record<string, string | number>;

const checksOf = (details: HealthIndicatorResult, showsDetails: boolean): Checks =>
  Object.fromEntries(
    Object.entries(details).map(([name, { status, latency_ms: latencyMs, address, message }]): [string, Check] => [
      name,
      {
        status,
        latency_ms: typeof latencyMs === 'number' ? latencyMs : 0,
        ...(showsDetails && typeof address === 'string' ? { address } : {}),
        ...(showsDetails && typeof message === 'string' ? { message } : {}),
      },
    ]),
  );

function statusOf(checks: Checks): Health['status'] {
  if (checks.database?.status !== 'up') return 'unhealthy';
  return Object.values(checks).every(({ status }) => status === 'up') ? 'healthy' : 'degraded';
}
