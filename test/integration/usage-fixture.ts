import { Readable } from 'node:stream';
import type { ServerFrame } from '@goldenpath/protocol';
import type { ImportRecord } from '../../src/cost-analysis/usage/import-record.js';
import { BillSettlement } from '../../src/cost-analysis/usage/bill-settlement.js';
import { PriceBook } from '../../src/cost-analysis/prices/price-book.js';
import { PriceOverrideStore } from '../../src/cost-analysis/prices/price-override-store.js';
import { TenantPrices } from '../../src/cost-analysis/prices/tenant-prices.js';
import { ImportProgress } from '../../src/cost-analysis/usage/import-progress.js';
import { StoredCosts } from '../../src/cost-analysis/usage/stored-costs.js';
import { TenantPseudonyms } from '../../src/cost-analysis/usage/pseudonyms.js';
import { UsageImportStore } from '../../src/cost-analysis/usage/usage-import-store.js';
import { type ImportRequest, UsageImports } from '../../src/cost-analysis/usage/usage-imports.js';
import type { Database } from '../../src/persistence/database.js';
import { Installation } from '../../src/persistence/installation.js';
import type { UserScope } from '../../src/persistence/sql.js';
import { Clock } from '../../src/telemetry/clock.js';
import { Ids } from '../../src/telemetry/ids.js';
import { Logger } from '../../src/telemetry/logger.js';
import { createTestDatabase, openDatabase } from '../support/database.js';

export interface UsageFixture {
  readonly database: Database;
  readonly imports: UsageImports;
  readonly store: UsageImportStore;
  readonly overrides: PriceOverrideStore;
  readonly bills: BillSettlement;
  readonly tenantPrices: TenantPrices;
  readonly costs: StoredCosts;
  /** Frames that went to connections. */
  readonly told: readonly { userId: string; frame: ServerFrame }[];
  /** A user of a tenant of its own. */
  readonly tenant: () => Promise<UserScope>;
  /** Imports text or bytes, as auto unless said otherwise. */
  readonly send: (
    scope: UserScope,
    body: string | Buffer | Readable,
    request?: Partial<ImportRequest>,
  ) => Promise<ImportRecord>;
  readonly close: () => Promise<void>;
}

/** The importing side on a database of its own. */
export async function usageFixture(): Promise<UsageFixture> {
  const testDatabase = await createTestDatabase();
  const opened = await openDatabase(testDatabase.url);
  const { database } = opened;
  const [clock, ids] = [new Clock(), new Ids()];
  await new Installation(database, ids).load();
  const prices = new PriceBook();
  const overrides = new PriceOverrideStore(database, clock);
  const tenantPrices = new TenantPrices(prices, overrides);
  const told: { userId: string; frame: ServerFrame }[] = [];
  const bills = new BillSettlement(database);
  const store = new UsageImportStore(database, clock, bills);
  const imports = new UsageImports(
    store,
    new TenantPseudonyms(database),
    tenantPrices,
    new ImportProgress({ send: (userId, frame) => told.push({ userId, frame }) }),
    clock,
    ids,
    new Logger('silent'),
  );
  return {
    database,
    imports,
    store,
    overrides,
    bills,
    tenantPrices,
    costs: new StoredCosts(database, tenantPrices, bills),
    told,
    tenant: async () => {
      const scope = { tenantId: ids.next(), userId: ids.next() };
      await database.execute('INSERT INTO tenant (id, name, created_at) VALUES ($1, $2, $3)', [
        scope.tenantId,
        'Test',
        clock.now(),
      ]);
      return scope;
    },
    send: (scope, body, request = {}) =>
      imports.import({
        scope,
        stream: body instanceof Readable ? body : Readable.from([Buffer.from(body)]),
        format: 'auto',
        ...request,
      }),
    close: async () => {
      await opened.close();
      await testDatabase.drop();
    },
  };
}
