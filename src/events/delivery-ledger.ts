import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { tallyIndex } from '../monitor/event-tally.js';
import { Metrics } from '../monitor/metrics.js';
import { Database } from '../persistence/database.js';
import { writeApart, type BatchWriter } from '../persistence/write-apart.js';
import { Clock } from '../telemetry/clock.js';
import { Logger } from '../telemetry/logger.js';
import { ConnectionDelivery, type Reader } from './connection-delivery.js';
import { DeliveryBatch } from './delivery-batch.js';
import { closeDeliveries, mergeDeliveries, pruneDeliveries, resolveAcks } from './delivery-statements.js';
import type { FrameSink } from './frame-sink.js';

const WRITE_INTERVAL_MS = 1_000;
const CONNECTIONS_PER_BATCH = 200;
/** A server that stops looks no longer than this for what was refused. */
const LAST_WRITES_MS = 2_000;
/** What was handed to a socket and has not left after so long is stalled. */
const STALLED_AFTER_MS = 5_000;
/** Connections that ended while the database was away; beyond this the oldest are forgotten. */
const CHANGED_MAX = 20_000;
const HOUR_MS = 3_600_000;
/** The first pruning comes soon after the start: a server may live for less than an hour. */
const FIRST_PRUNE_MS = 60_000;
const PRUNED_AT_ONCE = 5_000;

/**
 * Who was sent and who acknowledged what of each run ([EV5]). Noted in memory when it happens, written in batches a
 * moment later: a process that is killed may lose its last moments, but nothing is ever claimed that did not happen.
 * It is a record, not a queue: what a connection missed is sent again from the log, whatever stands here.
 */
@Injectable()
export class DeliveryLedger implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly changed = new Set<ConnectionDelivery>();
  /** Connections with something on its way out, and since when. */
  private readonly waiting = new Map<ConnectionDelivery, number>();
  private readonly dropped: { inc(count?: number): void };
  private timer: NodeJS.Timeout | undefined;
  private isConfirming = false;
  private writing: Promise<void> | undefined;
  private pruneAtMs: number;
  private lateAtMs = Infinity;
  private readonly writer: BatchWriter<ConnectionDelivery> = {
    write: (deliveries) => this.writeBatch(deliveries),
    drop: (delivery, error) => this.drop(delivery, error),
    isLate: () => this.clock.monotonicMs() > this.lateAtMs,
  };

  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.pruneAtMs = clock.monotonicMs() + FIRST_PRUNE_MS;
    this.dropped = metrics.counter(
      'goldenpath_delivery_records_dropped_total',
      'Ledger records that were not written.',
    );
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.tick(), WRITE_INTERVAL_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.lateAtMs = this.clock.monotonicMs() + LAST_WRITES_MS;
    await this.write();
    // What came up while an earlier write was on its way.
    await this.write();
  }

  open(reader: Reader, sink: FrameSink): ConnectionDelivery {
    return new ConnectionDelivery(reader, sink, this.clock, (delivery) => this.noteChange(delivery));
  }

  close(delivery: ConnectionDelivery): void {
    if (delivery.closedAt !== undefined) return;
    this.waiting.delete(delivery);
    delivery.close(this.metrics);
    this.changed.add(delivery);
  }

  /** Writes what there is to write; never rejects. Resolves when it is written, or when the database refused it. */
  write(): Promise<void> {
    this.writing ??= this.writeAll().finally(() => (this.writing = undefined));
    return this.writing;
  }

  /** Removes rows that are older than DELIVERY_RETENTION_H, and too old to tell whether a final event was seen in time. */
  async prune(): Promise<void> {
    const { deliveryRetentionH, finalEventSeenWithinS } = this.configuration;
    const keptMs = Math.max(deliveryRetentionH * HOUR_MS, finalEventSeenWithinS * 1_000 + HOUR_MS);
    const before = new Date(this.clock.now().getTime() - keptMs);
    while ((await pruneDeliveries(this.database, before, PRUNED_AT_ONCE)) === PRUNED_AT_ONCE);
  }

  private noteChange(delivery: ConnectionDelivery): void {
    this.changed.add(delivery);
    if (!delivery.isWaiting || this.waiting.has(delivery)) return;
    this.waiting.set(delivery, this.clock.monotonicMs());
    if (this.isConfirming) return;
    this.isConfirming = true;
    // Sockets write at the end of this turn: after that most of it has left.
    setImmediate(() => {
      this.isConfirming = false;
      this.confirm();
    });
  }

  private confirm(): void {
    for (const delivery of this.waiting.keys()) {
      if (delivery.confirm(this.metrics.sent)) this.waiting.delete(delivery);
    }
  }

  private async tick(): Promise<void> {
    this.confirm();
    const stalledMs = this.clock.monotonicMs() - STALLED_AFTER_MS;
    for (const [delivery, sinceMs] of this.waiting) {
      if (sinceMs < stalledMs) delivery.stall();
    }
    await this.write();
    if (this.clock.monotonicMs() < this.pruneAtMs) return;
    this.pruneAtMs = this.clock.monotonicMs() + HOUR_MS;
    await this.prune().catch((error: unknown) => this.logger.warn('delivery_ledger_not_pruned', { error }));
  }

  private async writeAll(): Promise<void> {
    const deliveries = [...this.changed];
    try {
      for (let first = 0; first < deliveries.length; first += CONNECTIONS_PER_BATCH) {
        await writeApart(deliveries.slice(first, first + CONNECTIONS_PER_BATCH), this.writer);
      }
    } catch (error) {
      this.logger.warn('delivery_ledger_not_written', { error, connections: deliveries.length });
    }
    this.forget(deliveries);
  }

  private async writeBatch(deliveries: readonly ConnectionDelivery[]): Promise<void> {
    const batch = new DeliveryBatch(deliveries, this.clock.now());
    try {
      await this.store(batch);
    } catch (error) {
      batch.giveBack();
      throw error;
    }
    this.settle(batch);
  }

  private async store(batch: DeliveryBatch): Promise<void> {
    const acked = batch.acks.length === 0 ? [] : await resolveAcks(this.database, batch.acks);
    const rows = batch.rows(acked);
    await this.database.transaction(async (sql) => {
      if (rows.length > 0) await mergeDeliveries(sql, rows);
      if (batch.closed.length > 0) await closeDeliveries(sql, batch.closed);
    });
    for (const { type, count } of acked) this.metrics.acked.add(tallyIndex(type), count);
  }

  private drop(delivery: ConnectionDelivery, error: unknown): void {
    const batch = new DeliveryBatch([delivery], this.clock.now());
    this.logger.error('delivery_records_refused', { error, records: batch.size });
    this.dropped.inc(batch.size);
    this.settle(batch);
  }

  private settle(batch: DeliveryBatch): void {
    for (const delivery of batch.settled()) this.changed.delete(delivery);
  }

  /** Memory stays bounded, also when the database is away for long. */
  private forget(deliveries: readonly ConnectionDelivery[]): void {
    for (const delivery of deliveries) {
      const dropped = delivery.trim();
      if (dropped > 0) this.dropped.inc(dropped);
    }
    for (const oldest of this.changed) {
      if (this.changed.size <= CHANGED_MAX) return;
      this.changed.delete(oldest);
      this.dropped.inc(oldest.records.size);
    }
  }
}
