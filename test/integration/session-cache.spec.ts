import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SessionCache } from '../../src/auth/session-cache.js';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { Installation } from '../../src/persistence/installation.js';
import { Clock } from '../../src/telemetry/clock.js';
import { Ids } from '../../src/telemetry/ids.js';
import { Logger } from '../../src/telemetry/logger.js';
import { createTestDatabase, openDatabase, type OpenDatabase, type TestDatabase } from '../support/database.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const redisUrl = process.env.REDIS_URL;
// A user's machine may have no Redis: listed as skipped there.
const when = redisUrl === undefined ? describe['skip'] : describe;

// An external database asks for a key; nothing is signed here.
const signingKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const ids = new Ids();
const [sessionId, threadId] = [ids.next(), ids.next()];

when('the cache of where sessions stand', () => {
  let test: TestDatabase;
  let open: OpenDatabase;
  let proxy: TcpProxy;
  let cache: SessionCache;
  beforeAll(async () => {
    test = await createTestDatabase();
    open = await openDatabase(test.url);
    const installation = new Installation(open.database, ids);
    await installation.load();
    const url = new URL(redisUrl ?? 'redis://none');
    proxy = new TcpProxy({ host: url.hostname, port: Number(url.port === '' ? 6379 : url.port) });
    url.hostname = '127.0.0.1';
    url.port = String(await proxy.open());
    cache = new SessionCache(
      loadConfiguration({ NODE_ENV: 'test', DATABASE_URL: test.url, REDIS_URL: url.href, JWT_PRIVATE_KEY: signingKey }),
      installation,
      new Clock(),
      new Logger('silent'),
    );
    cache.open();
  });
  afterAll(async () => {
    await cache.close();
    await proxy.close();
    await open.close();
    await test.drop();
  });

  const known = async (): Promise<number | null | undefined> => (await cache.positionsOf([sessionId]))[0]?.seq;

  const acknowledge = (seq: number): void => cache.note(sessionId, (progress) => progress.acknowledge(threadId, seq));

  const isKnown = (seq: number) => async (): Promise<boolean> => {
    acknowledge(seq);
    return (await known()) === seq;
  };

  it('sends little to a Redis that does not answer, and goes on when there is one that does', async () => {
    await until(isKnown(1), { message: 'the first acknowledgement' });
    proxy.fallSilent();
    for (let seq = 2; seq <= 100; seq += 1) {
      acknowledge(seq);
      await pause(15);
    }
    expect(await known()).toBeUndefined();
    // One write in 250 ms, of less than 300 bytes.
    expect(proxy.swallowedBytes).toBeLessThan(5_000);
    proxy.admitAll();
    await until(isKnown(101), { timeoutMs: 10_000, message: 'an acknowledgement after the silence' });
  });
});
