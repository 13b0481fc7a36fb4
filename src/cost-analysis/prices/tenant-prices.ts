import { Injectable } from '@nestjs/common';
import { OwnPrices } from './own-prices.js';
import { PriceBook } from './price-book.js';
import type { Price, PriceableUsage } from './price-book.js';
import { PriceOverrideStore } from './price-override-store.js';

/** Prices as one tenant pays them. */
export interface PricesOfTenant {
  readonly version: string;
  price(usage: PriceableUsage): Price;
  describeModel: PriceBook['describeModel'];
}

/** The price book with the prices that a tenant negotiated in the place of the listed ones. */
@Injectable()
export class TenantPrices {
  constructor(
    private readonly book: PriceBook,
    private readonly store: PriceOverrideStore,
  ) {}

  /** As they are now; what is under way goes on with the prices that it began with. */
  async of(tenantId: string): Promise<PricesOfTenant> {
    const overrides = await this.store.list(tenantId);
    if (overrides.length === 0) return this.book;
    const own = new OwnPrices(overrides);
    return {
      version: this.book.version,
      price: (usage) => this.book.price(usage, own),
      describeModel: (...asked) => this.book.describeModel(...asked),
    };
  }
}
