import { Injectable } from '@nestjs/common';
import { Database } from '../../persistence/database.js';
import type { Price, PriceBook } from '../prices/price-book.js';
import { TenantPrices } from '../prices/tenant-prices.js';
import { BillSettlement } from './bill-settlement.js';
import { isLongContext } from './importers/context-window.js';
import { isStorable } from './storable-cost.js';

/** A fraction of a second's work; a stop is noticed between two pages. */
const PAGE_ROWS = 2_000;

/** The costs of rows that are stored already. */
@Injectable()
export class StoredCosts {
  constructor(
    private readonly database: Database,
    private readonly prices: TenantPrices,
    private readonly bills: BillSettlement,
  ) {}

  /**
   * Prices the tenant's usage anew, page by page, until the signal, and looks at its bills again: usage with a price takes their place.
   * Answers how many rows have another cost than before.
   */
  async recompute(tenantId: string, signal: AbortSignal): Promise<number> {
    const prices = await this.prices.of(tenantId);
    let changed = 0;
    let after: StoredRow | undefined;
    do {
      const page: StoredRow[] = await this.database.rows<StoredRow>(PAGE, [
        tenantId,
        after?.source ?? '',
        after?.source_row_id ?? '',
        PAGE_ROWS,
      ]);
      changed += await this.reprice(tenantId, page, prices);
      after = page.length < PAGE_ROWS ? undefined : page.at(-1);
    } while (after !== undefined && !signal.aborted);
    if (changed > 0) await this.database.execute(IMPORT_TOTALS, [tenantId]);
    // Also when nothing changed: a process that died here may have changed it before.
    if (!signal.aborted) await this.bills.settle(tenantId);
    return changed;
  }

  private async reprice(tenantId: string, page: readonly StoredRow[], prices: PriceBook): Promise<number> {
    const repriced = page.map((row) => ({ row, price: priceOf(row, prices) }));
    const different = repriced.filter(({ row, price }) => (price.costNanoUsd?.toString() ?? null) !== row.cost);
    if (different.length === 0) return 0;
    const column = <Value>(of: (each: (typeof different)[number]) => Value): Value[] => different.map(of);
    return this.database.execute(UPDATE, [
      tenantId,
      column(({ row }) => row.source),
      column(({ row }) => row.source_row_id),
      column(({ price }) => price.costNanoUsd?.toString() ?? null),
      column(({ price }) => price.priceVersion),
      column(({ price }) => price.status),
      column(({ row, price }) => price.modelId ?? row.model_id),
      column(({ row, price }) => price.provider ?? row.provider),
    ]);
  }
}

interface StoredRow {
  readonly source: string;
  readonly source_row_id: string;
  readonly row_kind: 'request' | 'bucket';
  readonly ts_start: Date;
  readonly provider: string | null;
  readonly model: string | null;
  readonly model_id: string | null;
  readonly input_uncached: number;
  readonly cache_read: number;
  readonly cache_write_5m: number;
  readonly cache_write_1h: number;
  readonly output_total: number;
  readonly requests: number | null;
  readonly is_batch: boolean | null;
  readonly service_tier: string | null;
  readonly context_window: string | null;
  readonly cost: string | null;
}

/** A cost that its column can't hold is as unknown as that of counts that can't be true. */
function priceOf(row: StoredRow, prices: PriceBook): StoredPrice {
  const price = listed(row, prices);
  if (price.costNanoUsd === undefined || isStorable(price.costNanoUsd)) return price;
  return { ...price, status: 'invalid', costNanoUsd: undefined };
}

type StoredPrice = Pick<Price, 'costNanoUsd' | 'status' | 'priceVersion' | 'modelId' | 'provider'>;

const listed = (row: StoredRow, prices: PriceBook): Price =>
  prices.price({
    modelRaw: row.model ?? undefined,
    provider: row.provider ?? undefined,
    at: row.ts_start,
    rowKind: row.row_kind,
    requests: row.requests,
    inputUncached: row.input_uncached,
    cacheRead: row.cache_read,
    cacheWrite5m: row.cache_write_5m,
    cacheWrite1h: row.cache_write_1h,
    output: row.output_total,
    isLongContext: isLongContext(row.context_window ?? undefined) ?? null,
    isBatch: row.is_batch,
    serviceTier: row.service_tier,
  });

/** Uses the primary key. A row without a model of its own was priced as the one that its import named. */
const PAGE = `
  SELECT source, source_row_id, row_kind, ts_start, provider, coalesce(model_id, model_raw) AS model, model_id, input_uncached, cache_read,
    cache_write_5m, cache_write_1h, output_total, requests, is_batch, service_tier, tags->>'context_window' AS context_window,
    cost_computed::text AS cost
  FROM usage_event
  WHERE tenant_id = $1 AND (source, source_row_id) > ($2, $3) AND NOT is_bill AND status <> 'cached'
  ORDER BY source, source_row_id LIMIT $4`;

const UPDATE = `
  UPDATE usage_event old SET cost_computed = new.cost, price_version = new.version, price_status = new.status, model_id = new.model_id,
    provider = new.provider
  FROM unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[])
    AS new (source, source_row_id, cost, version, status, model_id, provider)
  WHERE old.tenant_id = $1 AND old.source = new.source AND old.source_row_id = new.source_row_id`;

/** Uses usage_event_import. */
const IMPORT_TOTALS = `
  UPDATE usage_import SET cost_computed = total.cost
  FROM (SELECT import_id, sum(cost_computed)::bigint AS cost FROM usage_event WHERE tenant_id = $1 GROUP BY import_id) total
  WHERE usage_import.tenant_id = $1 AND usage_import.id = total.import_id`;
