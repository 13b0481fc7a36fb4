import { Module } from '@nestjs/common';
import { PriceBook } from './price-book.js';
import { PriceOverrideStore } from './price-override-store.js';
import { PriceRefresh } from './price-refresh.js';
import { PricesController } from './rest/prices.controller.js';
import { TenantPrices } from './tenant-prices.js';

/** What models cost: as listed, and as a tenant negotiated. */
@Module({
  controllers: [PricesController],
  providers: [
    { provide: PriceBook, useFactory: () => new PriceBook() },
    PriceOverrideStore,
    TenantPrices,
    PriceRefresh,
  ],
  exports: [PriceBook, PriceOverrideStore, TenantPrices],
})
export class PricesModule {}
