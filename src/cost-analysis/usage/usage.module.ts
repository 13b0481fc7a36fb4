import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthModule } from '../../auth/auth.module.js';
import { PricesModule } from '../prices/prices.module.js';
import { BillSettlement } from './bill-settlement.js';
import { ImportProgress } from './import-progress.js';
import { PriceRecomputation } from './price-recomputation.js';
import { TenantPseudonyms } from './pseudonyms.js';
import { BackgroundImports } from './rest/background-imports.js';
import { keepRawBody, RAW_BODY_PATHS } from './rest/raw-import-body.js';
import { TracesController } from './rest/traces.controller.js';
import { UploadSpool } from './rest/upload-spool.js';
import { UsageController } from './rest/usage.controller.js';
import { SpanIntake } from './span-intake.js';
import { StoredCosts } from './stored-costs.js';
import { UsageImportStore } from './usage-import-store.js';
import { UsageImports } from './usage-imports.js';
import { UsageSummary } from './usage-summary.js';

/** Getting usage in: files, imports, totals. */
@Module({
  imports: [AuthModule, PricesModule],
  controllers: [UsageController, TracesController],
  providers: [
    UsageImports,
    BillSettlement,
    ImportProgress,
    SpanIntake,
    StoredCosts,
    PriceRecomputation,
    UsageImportStore,
    UsageSummary,
    TenantPseudonyms,
    UploadSpool,
    BackgroundImports,
  ],
  exports: [UsageImports, UsageSummary],
})
export class UsageModule {
  /** Nest adds its body parsers when the application is initialised, after this: nothing later could get in front of them. */
  constructor({ httpAdapter }: HttpAdapterHost) {
    for (const path of RAW_BODY_PATHS) httpAdapter.use(path, keepRawBody);
  }
}
