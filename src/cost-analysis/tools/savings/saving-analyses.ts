import { Injectable, Scope } from '@nestjs/common';
import { UserExecutionContext } from '../../../context/user-execution-context.js';
import { Database } from '../../../persistence/database.js';
import type { PriceBook } from '../../prices/price-book.js';
import { TenantPrices } from '../../prices/tenant-prices.js';
import { OncePerScope } from '../once-per-scope.js';
import { batchWork, type BatchWork } from './batch-work.js';
import { cacheReuse, type CacheReuse } from './cache-reuse.js';
import { duplicates, type Duplicates } from './duplicates.js';
import { retries, type Retries } from './retries.js';
import { tokenExcess, type TokenExcess } from './token-excess.js';
import { usageSegments, type UsageSegments } from './usage-segments.js';

/**
 * What savings are computed from, read once in a run: a tool for one saving and the tool that combines all of them share a scan. It lives in the
 * scope of the run, so nothing of it is seen by another.
 */
@Injectable({ scope: Scope.REQUEST })
export class SavingAnalyses {
  readonly segments: OncePerScope<UsageSegments>;
  readonly outputExcess: OncePerScope<TokenExcess>;
  readonly inputExcess: OncePerScope<TokenExcess>;
  readonly retries: OncePerScope<Retries[]>;
  readonly duplicates: OncePerScope<Duplicates[]>;
  readonly cacheReuse: OncePerScope<CacheReuse[]>;
  readonly batchWork: OncePerScope<BatchWork[]>;
  private book: Promise<PriceBook> | undefined;

  constructor(
    private readonly context: UserExecutionContext,
    database: Database,
    private readonly tenantPrices: TenantPrices,
  ) {
    const { tenantId } = context;
    const sql = (signal: AbortSignal) => database.within(signal, 'groups');
    this.segments = new OncePerScope(async (scope, signal) => {
      const windows = await (await this.prices()).contextWindows();
      return usageSegments(sql(signal), tenantId, { scope, windows });
    });
    this.outputExcess = new OncePerScope((scope, signal) =>
      tokenExcess(sql(signal), tenantId, { scope, side: 'output' }),
    );
    this.inputExcess = new OncePerScope((scope, signal) =>
      tokenExcess(sql(signal), tenantId, { scope, side: 'input' }),
    );
    this.retries = new OncePerScope((scope, signal) => retries(sql(signal), tenantId, scope));
    this.duplicates = new OncePerScope((scope, signal) => duplicates(sql(signal), tenantId, scope));
    this.cacheReuse = new OncePerScope((scope, signal) => cacheReuse(sql(signal), tenantId, scope));
    this.batchWork = new OncePerScope((scope, signal) => batchWork(sql(signal), tenantId, scope));
  }
  /** What the tenant pays: its negotiated prices where it has any, and the same ones for all savings of a run. */
  prices(): Promise<PriceBook> {
    this.book ??= this.tenantPrices.of(this.context.tenantId).catch((error: unknown) => {
      this.book = undefined;
      throw error;
    });
    return this.book;
  }
}
