import type { ConnectionDelivery, PendingAck } from './connection-delivery.js';
import type { DeliveryChange, DeliveryRecord } from './delivery-record.js';
import type { AckedEvents, LedgerRow } from './delivery-statements.js';

interface TakenChange {
  readonly delivery: ConnectionDelivery;
  readonly record: DeliveryRecord;
  readonly change: DeliveryChange;
}

interface TakenAck {
  readonly delivery: ConnectionDelivery;
  readonly ack: PendingAck;
}

/** What some connections have to be written down, taken from them; given back when it could not be written. */
export class DeliveryBatch {
  private readonly changes: readonly TakenChange[];
  private readonly takenAcks: readonly TakenAck[];
  readonly closed: readonly { readonly connectionId: string; readonly at: Date }[];

  constructor(
    private readonly deliveries: readonly ConnectionDelivery[],
    private readonly now: Date,
  ) {
    this.changes = deliveries.flatMap((delivery) =>
      [...delivery.records.values()]
        .filter((record) => record.isDirty)
        .map((record) => ({ delivery, record, change: record.take() })),
    );
    this.takenAcks = deliveries.flatMap((delivery) => delivery.takeAcks().map((ack) => ({ delivery, ack })));
    this.closed = deliveries.flatMap(({ closedAt, reader }) =>
      closedAt === undefined ? [] : [{ connectionId: reader.connectionId, at: closedAt }],
    );
  }

  get acks(): readonly PendingAck[] {
    return this.takenAcks.map(({ ack }) => ack);
  }

  /** How many records there are in it: of runs, and acknowledgements. */
  get size(): number {
    return this.changes.length + this.takenAcks.length;
  }

  /** One row for each run and connection. `acked`: what the acknowledgements cover. */
  rows(acked: readonly AckedEvents[]): LedgerRow[] {
    const rows = new Map<string, LedgerRow>();
    for (const { delivery, change } of this.changes) {
      const { reader } = delivery;
      rows.set(keyOf(delivery, change.runId), { reader, ...change, ackedSeq: null, ackedCount: 0, ackedAt: null });
    }
    for (const { place, run_id: runId, count, last_seq: lastSeq } of acked) {
      const taken = this.takenAcks[place - 1];
      if (taken === undefined) continue;
      const { delivery, ack } = taken;
      const row = rows.get(keyOf(delivery, runId)) ?? nothingSent(delivery, runId, ack.threadId);
      const ackedSeq = Math.max(row.ackedSeq ?? 0, lastSeq);
      rows.set(keyOf(delivery, runId), { ...row, ackedSeq, ackedCount: row.ackedCount + count, ackedAt: this.now });
    }
    return [...rows.values()];
  }

  giveBack(): void {
    for (const { record, change } of this.changes) record.giveBack(change);
    for (const { delivery, ack } of this.takenAcks) delivery.giveBackAck(ack);
  }

  /** The connections of which nothing came up meanwhile. */
  settled(): ConnectionDelivery[] {
    return this.deliveries.filter((delivery) => !delivery.hasChanges);
  }
}

const keyOf = ({ reader }: ConnectionDelivery, runId: string): string => `${runId} ${reader.connectionId}`;

/** A run that this connection was sent nothing of: what it acknowledges came over another one. */
const nothingSent = ({ reader }: ConnectionDelivery, runId: string, threadId: string): LedgerRow => ({
  reader,
  runId,
  threadId,
  firstSeq: null,
  sentSeq: null,
  sentCount: 0,
  firstSentAt: null,
  lastSentAt: null,
  catchUps: 0,
  failedSeq: null,
  failedCount: 0,
  lastError: null,
  lastErrorAt: null,
  stalledSince: null,
  ackedSeq: null,
  ackedCount: 0,
  ackedAt: null,
});
