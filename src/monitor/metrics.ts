import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { EventTally, TALLIED_TYPES } from './event-tally.js';
import { addProcessMetrics } from './process-metrics.js';

const RUN_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const FLUSH_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 10];
const FLUSH_EVENTS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000];
const ANSWER_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

interface LabelledMetric {
  readonly name: string;
  readonly help: string;
  readonly label: string;
}

/** Reads values when somebody asks for the metrics: label value to number. */
type ReadValues = () => Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;

/**
 * The metrics of this process, for Prometheus. What happens rarely is counted where it happens; what happens for every
 * event is counted in tallies that are read at the scrape. Labels have few values: never an id.
 */
@Injectable()
export class Metrics {
  readonly appended = new EventTally();
  readonly sent = new EventTally();
  readonly failed = new EventTally();
  readonly acked = new EventTally();

  private readonly registry = new Registry();
  private readonly registers = [this.registry];
  private readonly runs = new Counter({
    name: 'goldenpath_runs_finished_total',
    help: 'Runs that reached a terminal state, by state.',
    labelNames: ['state'],
    registers: this.registers,
  });
  private readonly runSeconds = new Histogram({
    name: 'goldenpath_run_duration_seconds',
    help: 'Time from the acceptance of a run to its end, by state.',
    labelNames: ['state'],
    buckets: RUN_SECONDS,
    registers: this.registers,
  });
  private readonly flushEvents = new Histogram({
    name: 'goldenpath_event_log_flush_events',
    help: 'Events that went into the log in one statement.',
    buckets: FLUSH_EVENTS,
    registers: this.registers,
  });
  private readonly flushSeconds = new Histogram({
    name: 'goldenpath_event_log_flush_seconds',
    help: 'Time of such a statement.',
    buckets: FLUSH_SECONDS,
    registers: this.registers,
  });
  private readonly answers = new Histogram({
    name: 'goldenpath_http_request_duration_seconds',
    help: 'Time of HTTP requests, by class of status.',
    labelNames: ['status'],
    buckets: ANSWER_SECONDS,
    registers: this.registers,
  });
  private readonly slowConsumers = this.counter('goldenpath_slow_consumers_total', 'Readers given up as too slow.');

  constructor() {
    addProcessMetrics(this.registry);
    this.addTally('appended', 'Events stored in the log', this.appended);
    this.addTally('sent', 'Events that left for a connection', this.sent);
    this.addTally('failed', 'Events that a connection was closed on before they had left', this.failed);
    this.addTally('acked', 'Events that clients acknowledged', this.acked);
  }

  runEnded(state: string, durationMs: number): void {
    this.runs.inc({ state });
    this.runSeconds.observe({ state }, durationMs / 1_000);
  }

  flushed(events: number, durationMs: number): void {
    this.flushEvents.observe(events);
    this.flushSeconds.observe(durationMs / 1_000);
  }

  /** `status`: of the answer, counted by its class (2xx …). */
  answered(status: number, durationMs: number): void {
    this.answers.observe({ status: `${Math.floor(status / 100)}xx` }, durationMs / 1_000);
  }

  slowConsumer(): void {
    this.slowConsumers.inc();
  }

  /** A counter without labels, for the part that counts. */
  counter(name: string, help: string): { inc(count?: number): void } {
    return new Counter({ name, help, registers: this.registers });
  }

  /** A counter with one label. */
  labelledCounter(name: string, help: string, label: string): { inc(value: string): void } {
    const counter = new Counter({ name, help, labelNames: [label], registers: this.registers });
    return { inc: (value) => counter.inc({ [label]: value }) };
  }

  /** A value that is read at the scrape. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: this.registers,
      collect() {
        this.set(read());
      },
    });
  }

  /** Values by one label, read at the scrape; a read that fails leaves the metric out of this scrape. */
  gauges({ name, help, label }: LabelledMetric, read: ReadValues): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: this.registers,
      async collect() {
        this.reset();
        const values = await Promise.resolve()
          .then(read)
          .catch((): Record<string, number> => ({}));
        for (const [value, count] of Object.entries(values)) this.set({ [label]: value }, count);
      },
    });
  }

  /** In the text format of Prometheus. */
  async text(): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: this.registry.contentType, body: await this.registry.metrics() };
  }

  /** What was counted elsewhere since the start of the process, by one label, read at the scrape. */
  counts({ name, help, label }: LabelledMetric, read: () => Readonly<Record<string, number>>): void {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: this.registers,
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
      },
    });
  }

  private addTally(stage: string, help: string, tally: EventTally): void {
    this.counts({ name: `goldenpath_events_${stage}_total`, help: `${help}, by type.`, label: 'type' }, () =>
      Object.fromEntries(TALLIED_TYPES.map((type) => [type, tally.count(type)])),
    );
  }
}
