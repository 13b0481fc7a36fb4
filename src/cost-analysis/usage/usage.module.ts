import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthModule } from '../../auth/auth.module.js';
import { PricesModule } from '../prices/prices.module.js';
import { BillSettlement } from './bill-settlement.js';
import { TenantPseudonyms } from './pseudonyms.js';
import { BackgroundImports } from './rest/background-imports.js';
import { IMPORTS_PATH, keepRawBody } from './rest/raw-import-body.js';
import { UploadSpool } from './rest/upload-spool.js';
import { UsageController } from './rest/usage.controller.js';
import { UsageImportStore } from './usage-import-store.js';
import { UsageImports } from './usage-imports.js';
import { UsageSummary } from './usage-summary.js';

/** Getting usage in: files, imports, totals. */
@Module({
  imports: [AuthModule, PricesModule],
  controllers: [UsageController],
  providers: [
    UsageImports,
    BillSettlement,
    UsageImportStore,
    UsageSummary,
    TenantPseudonyms,
    UploadSpool,
    BackgroundImports,
  ],
  exports: [UsageImports],
})
export class UsageModule {
  /** Nest adds its body parsers when the application is initialised, after this: nothing later could get in front of them. */
  constructor({ httpAdapter }: HttpAdapterHost) {
    httpAdapter.use(IMPORTS_PATH, keepRawBody);
  }
}
