import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../telemetry/clock.js';
import { Logger } from '../telemetry/logger.js';
import { Lifecycle } from './lifecycle.js';
import type { Service } from './services.js';

/** How one service is asked whether it is there. */
export interface ServiceCheck {
  readonly service: Service;
  /** Where it is, for platform admins: never with credentials. */
  readonly address: () => string;
  /** Resolves when it answers; must not wait for ever once it is asked to stop. */
  readonly ask: () => Promise<unknown>;
}

const INTERVAL_MS = 1_000;
/** A single check may fail by chance, or because everything is slow for a moment: two in a row tell. */
const FAILURES_TO_TELL = 2;
const SECOND_LOOK_MS = 250;
/** Health answers within two seconds. */
const ANSWER_MAX_MS = 1_500;

/** Asks the services again and again, and notes which are away: the same question that /health asks. */
@Injectable()
export class ServiceWatch {
  private readonly checks = new Map<Service, ServiceCheck>();
  private stopping = new AbortController();

  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Before start(). A service that is registered twice is asked the newer way. */
  register(check: ServiceCheck): void {
    this.checks.set(check.service, check);
  }

  get registered(): readonly ServiceCheck[] {
    return [...this.checks.values()];
  }

  /** How long a service took to answer, in milliseconds. Throws what it answered with, or after 1.5 s. */
  async ask({ service, ask }: ServiceCheck): Promise<number> {
    const startedMs = this.clock.monotonicMs();
    const timeLimit = new AbortController();
    const tooLate = delay(ANSWER_MAX_MS, undefined, { signal: timeLimit.signal }).then(() => {
      throw new Error(`${service} did not answer in ${ANSWER_MAX_MS} ms`);
    });
    const answer = ask();
    // Whoever loses the race must not become an unhandled rejection.
    for (const racer of [tooLate, answer]) racer.catch(() => undefined);
    await Promise.race([answer, tooLate]).finally(() => timeLimit.abort());
    return this.clock.monotonicMs() - startedMs;
  }

  start(): void {
    this.stopping = new AbortController();
    for (const check of this.registered) void this.watch(check, this.stopping.signal);
  }

  /** From here on nothing is noted: what is closed on purpose is not away. */
  stop(): void {
    this.stopping.abort();
  }

  private async watch(check: ServiceCheck, signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const error = await this.failureOf(check);
      failures = error === undefined ? 0 : failures + 1;
      this.note(check.service, { failures, error, signal });
      const pauseMs = failures === 0 ? INTERVAL_MS : SECOND_LOOK_MS;
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async failureOf(check: ServiceCheck): Promise<Error | undefined> {
    try {
      await this.ask(check);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  private note(service: Service, { failures, error, signal }: Look): void {
    if (signal.aborted) return;
    const wasThere = this.lifecycle.modeOf(service) === 'full';
    if (failures === 0) {
      if (!wasThere) this.logger.info('service_back', { service });
      this.lifecycle.noteBack(service);
    } else if (failures >= FAILURES_TO_TELL) {
      if (wasThere) this.logger.warn('service_away', { service, error });
      this.lifecycle.noteAway(service);
    }
  }
}

interface Look {
  /** How many in a row. */
  readonly failures: number;
  readonly error: Error | undefined;
  readonly signal: AbortSignal;
}
