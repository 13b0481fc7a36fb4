import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Configuration } from '../../config/configuration.js';
import { Clock } from '../../telemetry/clock.js';
import { Logger } from '../../telemetry/logger.js';
import { PriceBook } from './price-book.js';

const INTERVAL_MS = 24 * 3_600_000;
const TIME_LIMIT_MS = 30_000;
/** The catalogue has about 2 MB; more than this is something else. */
const BYTES_MAX = 32 * 1024 ** 2;

/**
 * Fetches newer list prices at start and once a day, where PRICES_REFRESH_URL says from where. Off by default: a server does not call out
 * unasked. What can't be fetched or read leaves the prices as they were. Stored costs keep the prices they were computed with.
 */
@Injectable()
export class PriceRefresh implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly configuration: Configuration,
    private readonly prices: PriceBook,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.refresh();
    this.timer = setInterval(() => void this.refresh(), INTERVAL_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.stopping.abort();
  }

  /** Never throws: what goes wrong is logged, and the prices stay. Does nothing where it is off. */
  async refresh(): Promise<void> {
    const url = this.configuration.pricesRefreshUrl;
    if (url === undefined) return;
    try {
      const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(TIME_LIMIT_MS)]);
      const response = await fetch(url, { signal });
      if (!response.ok) throw new Error(`the answer is ${response.status}`);
      const text = await boundedText(response);
      const models = await this.prices.replaceCatalogue(JSON.parse(text), this.clock.timestamp().slice(0, 10));
      this.logger.info('prices_refreshed', { models, as_of: this.prices.asOf });
    } catch (error) {
      if (!this.stopping.signal.aborted) this.logger.warn('prices_not_refreshed', { error });
    }
  }
}

async function boundedText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  let text = '';
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    text += decoder.decode(asBytes(next.value), { stream: true });
    if (text.length > BYTES_MAX) throw new Error(`the prices are larger than ${BYTES_MAX} bytes`);
  }
  return text + decoder.decode();
}

const asBytes = (chunk: unknown): Uint8Array => (chunk instanceof Uint8Array ? chunk : new Uint8Array());
