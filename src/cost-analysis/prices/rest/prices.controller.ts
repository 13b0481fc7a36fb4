import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiDefaultResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentIdentity } from '../../../auth/current-identity.decorator.js';
import type { Identity } from '../../../auth/identity.js';
import { Roles } from '../../../auth/roles.decorator.js';
import { errorAnswer } from '../../../errors/error-answer.js';
import { Clock } from '../../../telemetry/clock.js';
import { PriceBook } from '../price-book.js';
import { PriceOverrideStore } from '../price-override-store.js';
import { overrideAnswerOf, overridesAnswer, searchAnswer, searchAnswerOf } from './price-answers.js';
import type { OverridesAnswer, SearchAnswer } from './price-answers.js';
import { checkedOverrides, overridesBody, searchQuery } from './price-queries.js';
import type { OverridesBody, SearchQuery } from './price-queries.js';

/** Prices: the catalogue, and what the tenant negotiated. */
@ApiTags('prices')
@ApiBearerAuth()
@ApiDefaultResponse({ description: 'An error of the catalogue', standardSchema: errorAnswer })
@Controller('api/prices')
export class PricesController {
  constructor(
    private readonly prices: PriceBook,
    private readonly store: PriceOverrideStore,
    private readonly clock: Clock,
  ) {}

  @Get('overrides')
  @ApiOperation({ summary: 'Prices that the tenant negotiated, and whether stored costs follow them already' })
  @ApiOkResponse({ standardSchema: overridesAnswer })
  async overrides(@CurrentIdentity() { tenantId }: Identity): Promise<OverridesAnswer> {
    const [overrides, recomputation] = await Promise.all([
      this.store.list(tenantId),
      this.store.recomputation(tenantId),
    ]);
    return {
      data: overrides.map(overrideAnswerOf),
      next_cursor: null,
      requested_at: recomputation?.requestedAt.toISOString() ?? null,
      recomputed_at: recomputation?.finishedAt?.toISOString() ?? null,
    };
  }

  /** Prices change what everybody in the tenant sees as spent. */
  @Put('overrides')
  @Roles('tenant_admin')
  @ApiOperation({
    summary: 'Puts these prices in the place of all that there were; stored costs are computed anew. For tenant admins',
  })
  @ApiOkResponse({ standardSchema: overridesAnswer })
  async replace(
    @CurrentIdentity() identity: Identity,
    @Body({ schema: overridesBody }) body: OverridesBody,
  ): Promise<OverridesAnswer> {
    await this.store.replace(identity, checkedOverrides(body, this.prices, this.clock.now()));
    return this.overrides(identity);
  }

  @Get('search')
  @ApiOperation({ summary: 'Models of the price catalogue whose name holds all of these words' })
  @ApiOkResponse({ standardSchema: searchAnswer })
  async search(@Query({ schema: searchQuery }) { q, limit }: SearchQuery): Promise<SearchAnswer> {
    return searchAnswerOf(await this.prices.search(q, this.clock.now(), limit), this.prices.asOf);
  }
}
