import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Lifecycle } from '../../monitor/lifecycle.js';
import { Logger } from '../../telemetry/logger.js';
import { PriceOverrideStore } from '../prices/price-override-store.js';
import { StoredCosts } from './stored-costs.js';

/** A change of prices is noticed after this time at the latest, also one that another process took. */
const LOOK_INTERVAL_MS = 2_000;
const TENANTS_MAX = 10;

/**
 * Computes stored costs anew for tenants whose prices changed. The request stands in the database since the change itself, so that a server
 * that dies on the way leaves it to the next one; computing a row twice gives the same cost.
 */
@Injectable()
export class PriceRecomputation implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly overrides: PriceOverrideStore,
    private readonly costs: StoredCosts,
    private readonly lifecycle: Lifecycle,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      if (this.lifecycle.state !== 'ready' || this.working !== undefined) return;
      this.working = this.work().finally(() => (this.working = undefined));
    }, LOOK_INTERVAL_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.working;
  }

  private async work(): Promise<void> {
    try {
      for (const { tenantId, requestedAt } of await this.overrides.open(TENANTS_MAX)) {
        if (this.stopping.signal.aborted) return;
        await this.recompute(tenantId, requestedAt);
      }
    } catch (error) {
      this.logger.warn('costs_not_recomputed', { error });
    }
  }

  /** What goes wrong with one tenant's costs is tried again the next time, and holds up nobody else's. */
  private async recompute(tenantId: string, requestedAt: Date): Promise<void> {
    try {
      const changed = await this.costs.recompute(tenantId, this.stopping.signal);
      if (this.stopping.signal.aborted) return;
      await this.overrides.close(tenantId, requestedAt);
      this.logger.info('costs_recomputed', { tenant_id: tenantId, rows: changed });
    } catch (error) {
      this.logger.warn('costs_not_recomputed', { tenant_id: tenantId, error });
    }
  }
}
