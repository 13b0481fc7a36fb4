import { Injectable } from '@nestjs/common';
import { OwnPrices } from './own-prices.js';
import { PriceBook } from './price-book.js';
import { PriceOverrideStore } from './price-override-store.js';

/** What a tenant pays: the price book with the prices that it negotiated in the place of the listed ones. */
@Injectable()
export class TenantPrices {
  constructor(
    private readonly book: PriceBook,
    private readonly store: PriceOverrideStore,
  ) {}

  /** As they are now; what is under way goes on with the prices that it began with. */
  async of(tenantId: string): Promise<PriceBook> {
    const overrides = await this.store.list(tenantId);
    return overrides.length === 0 ? this.book : this.book.negotiated(new OwnPrices(overrides));
  }
}
