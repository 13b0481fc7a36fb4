import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../context/json.js';
import type { UserScope } from '../../persistence/sql.js';
import { Clock } from '../../telemetry/clock.js';
import { TenantPrices } from '../prices/tenant-prices.js';
import { BillSettlement } from './bill-settlement.js';
import { BATCH_ROWS } from './import-run.js';
import { otelSpans } from './importers/otel-spans.js';
import { TenantPseudonyms } from './pseudonyms.js';
import { periodOf } from './period-of-rows.js';
import { RejectedRow } from './rejected-row.js';
import { UsageImportStore } from './usage-import-store.js';
import type { NewImport } from './usage-import-store.js';
import type { UsageRow } from './usage-row.js';
import { UsageRows } from './usage-rows.js';

export interface TakenSpans {
  readonly rejected: number;
  /** Why the first of them was. */
  readonly reason: string | undefined;
}

/**
 * Spans that exporters send all the time. Those of a month are one import of their tenant: an import for each of a thousand small batches
 * would say nothing. A batch that is sent again (exporters retry) changes nothing: a span is known by its ids.
 */
@Injectable()
export class SpanIntake {
  constructor(
    private readonly store: UsageImportStore,
    private readonly pseudonyms: TenantPseudonyms,
    private readonly prices: TenantPrices,
    private readonly bills: BillSettlement,
    private readonly clock: Clock,
  ) {}

  /** Takes the spans of one export; those that can't be usage of a model are passed over, wrong ones counted. */
  async take(scope: UserScope, body: JsonObject): Promise<TakenSpans> {
    const { rows, rejects } = await this.read(scope, body);
    if (rows.length > 0) await this.write(scope, rows);
    return { rejected: rejects.length, reason: rejects[0]?.reason };
  }

  private async read({ tenantId }: UserScope, body: JsonObject) {
    const making = new UsageRows({
      prices: await this.prices.of(tenantId),
      pseudonyms: await this.pseudonyms.of(tenantId),
      now: this.clock.now(),
      tags: {},
    });
    const rows: UsageRow[] = [];
    const rejects: RejectedRow[] = [];
    for (const draft of otelSpans.read({ line: 1, names: Object.keys(body), values: Object.values(body) })) {
      try {
        if (draft instanceof RejectedRow) rejects.push(draft);
        else rows.push(making.make(draft));
      } catch (error) {
        if (!(error instanceof RejectedRow)) throw error;
        rejects.push(error);
      }
    }
    return { rows, rejects };
  }

  private async write(scope: UserScope, rows: readonly UsageRow[]): Promise<void> {
    const standing = this.standingImport(scope);
    await this.store.keepStanding(standing);
    const writer = this.store.writerOf(standing);
    for (let start = 0; start < rows.length; start += BATCH_ROWS)
      await writer.insert(rows.slice(start, start + BATCH_ROWS), {
        rejected: 0,
        percent: undefined,
        before: undefined,
      });
    await this.bills.settle(scope.tenantId, periodOf(rows));
  }

  private standingImport({ tenantId, userId }: UserScope): NewImport {
    const month = this.clock.timestamp().slice(0, 7);
    return {
      id: uuidOf(`spans ${tenantId} ${month}`),
      tenantId,
      userId,
      format: otelSpans.format,
      source: otelSpans.source,
      label: otelSpans.label,
      synthetic: false,
      priceAs: undefined,
    };
  }
}

/** The same id for the same text, so that two replicas that begin a month together begin one import (a UUID of version 8). */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
