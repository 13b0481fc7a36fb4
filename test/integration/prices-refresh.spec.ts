import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { waitForUpdate, updatePrices } from '@pydantic/genai-prices';
import type { Configuration } from '../../src/config/configuration.js';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { PriceBook } from '../../src/cost-analysis/prices/price-book.js';
import { PriceRefresh } from '../../src/cost-analysis/prices/price-refresh.js';
import { Clock } from '../../src/telemetry/clock.js';
import { Logger } from '../../src/telemetry/logger.js';
import { until } from '../support/until.js';

const LIST = [
  {
    id: 'acme',
    name: 'Acme',
    api_pattern: 'acme',
    model_match: { contains: 'acme' },
    models: [{ id: 'acme-7b', match: { equals: 'acme-7b' }, prices: { input_mtok: 3, output_mtok: 6 } }],
  },
];
const usage = {
  modelRaw: 'acme-7b',
  at: new Date('2026-01-15T12:00:00Z'),
  rowKind: 'request',
  inputUncached: 1_000_000,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
} as const;

describe('list prices that are fetched', () => {
  const installed = waitForUpdate();
  const close: (() => void)[] = [];
  afterEach(async () => {
    while (close.length > 0) close.pop()?.();
    // The library keeps one list for the process.
    const list = await installed;
    updatePrices(({ setProviderData }) => setProviderData(list));
  });

  /** A price book with a refresh from a server that answers so; how often it was asked. */
  async function refreshed(status: number, body: string, isOn = true) {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(status).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.json`;
    const configuration: Configuration = loadConfiguration({
      NODE_ENV: 'test',
      ...(isOn ? { PRICES_REFRESH_URL: url } : {}),
    });
    const book = new PriceBook();
    const refresh = new PriceRefresh(configuration, book, new Clock(), new Logger('silent'));
    close.push(() => {
      refresh.onApplicationShutdown();
      server.close();
    });
    return { book, refresh, asked: () => asked };
  }

  it('replace the installed ones, and say since when', async () => {
    const { book, refresh } = await refreshed(200, JSON.stringify(LIST));
    expect(book.price(usage).status).toBe('unpriced');
    refresh.onApplicationBootstrap();
    await until(() => (book.price(usage).status === 'priced' ? true : undefined), { message: 'the new price' });
    expect(book.price(usage)).toMatchObject({
      costNanoUsd: 3_000_000_000n,
      priceVersion: expect.stringMatching(/^genai-prices 0\.1\.8 fetched \d{4}-\d{2}-\d{2}$/),
    });
    expect(book.asOf).toBe(new Date().toISOString().slice(0, 10));
    expect(await book.search('acme', new Date(), 5)).toMatchObject([{ modelId: 'acme-7b' }]);
  });

  it.each([
    [500, JSON.stringify(LIST)],
    [200, 'no JSON'],
    [200, '[]'],
    [
      200,
      JSON.stringify([{ ...LIST[0], models: [{ ...LIST[0]?.models[0], prices: [{ constraint: 1, prices: {} }] }] }]),
    ],
  ])('are not taken from an answer %d %s', async (status, body) => {
    const { book, refresh, asked } = await refreshed(status, body);
    await refresh.refresh();
    expect(asked()).toBe(1);
    expect(book.version).toBe('genai-prices 0.1.8');
    expect(book.price({ ...usage, modelRaw: 'gpt-4o' }).costNanoUsd).toBe(2_500_000_000n);
  });

  it('are not asked for unless somebody said where they are', async () => {
    const { book, refresh, asked } = await refreshed(200, JSON.stringify(LIST), false);
    await refresh.refresh();
    expect(asked()).toBe(0);
    expect(book.asOf).toBe('2026-09-23');
  });
});
