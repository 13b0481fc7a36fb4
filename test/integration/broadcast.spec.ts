import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Broadcast, BroadcastMessage } from '../../src/events/broadcast.js';
import { PostgresBroadcast } from '../../src/events/broadcast.postgres.js';
import { RedisBroadcast } from '../../src/events/broadcast.redis.js';
import { Logger } from '../../src/telemetry/logger.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const logger = new Logger('silent');
let database: TestDatabase;
const redisUrl = process.env.REDIS_URL;
const open: Broadcast[] = [];
const proxies: TcpProxy[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((broadcast) => broadcast.stop()));
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
});
afterAll(() => database.drop());

interface Implementation {
  readonly name: string;
  /** A user's machine may have no Redis: listed as skipped there. */
  readonly present: boolean;
  readonly url: () => string;
  readonly make: (url: string) => Broadcast;
}

const implementations: Implementation[] = [
  {
    ...{ name: 'PostgreSQL', present: true, url: () => database.url },
    make: (url) => new PostgresBroadcast(() => url, logger),
  },
  {
    ...{ name: 'Redis (REDIS_URL)', present: redisUrl !== undefined, url: () => redisUrl ?? '' },
    make: (url) => new RedisBroadcast(url, logger),
  },
];

/** A proxy in front of what is at this URL, and the URL of the proxy. */
async function proxyTo(target: string): Promise<{ proxy: TcpProxy; url: string }> {
  const url = new URL(target);
  const standardPort = url.protocol === 'redis:' ? 6379 : 5432;
  const proxy = new TcpProxy({ host: url.hostname, port: url.port === '' ? standardPort : Number(url.port) });
  proxies.push(proxy);
  url.hostname = '127.0.0.1';
  url.port = String(await proxy.open());
  return { proxy, url: url.href };
}

const head = (threadId: string, firstSeq: number, lastSeq: number): BroadcastMessage => ({
  kind: 'events',
  threadId,
  userId: 'u',
  firstSeq,
  lastSeq,
});

const notice = (frame: string): BroadcastMessage => ({
  ...{ kind: 'notice', threadId: 'a', userId: 'u', frame },
  text: { messageId: 'm', index: 0, kind: 'delta' },
});

describe.each(implementations)('Broadcast over $name', ({ name, present, url, make }) => {
  const when = present ? it : it['skip'];

  async function started(at = url()): Promise<{ broadcast: Broadcast; received: BroadcastMessage[] }> {
    const received: BroadcastMessage[] = [];
    const broadcast = make(at);
    open.push(broadcast);
    await broadcast.start((message) => received.push(message));
    return { broadcast, received };
  }

  when('reaches every other process and not its own', async () => {
    const [one, two, three] = [await started(), await started(), await started()];
    one.broadcast.send(head('a', 1, 1));
    await until(() => two.received.length === 1 && three.received.length === 1, { message: 'one message each' });
    expect(two.received).toEqual([head('a', 1, 1)]);
    expect(one.received).toEqual([]);
  });

  when('makes one announcement of many for a thread, and keeps notices in order', async () => {
    const [one, two] = [await started(), await started()];
    for (let seq = 1; seq <= 50; seq += 1) one.broadcast.send(head('a', seq, seq));
    for (let index = 0; index < 20; index += 1) one.broadcast.send(notice(String(index)));
    await until(() => two.received.filter(({ kind }) => kind === 'notice').length === 20, { message: 'all notices' });
    expect(two.received.filter(({ kind }) => kind === 'events')).toEqual([head('a', 1, 50)]);
    expect(two.received.flatMap((message) => (message.kind === 'notice' ? [message.frame] : []))).toEqual(
      Array.from({ length: 20 }, (_, index) => String(index)),
    );
  });

  when('splits what is too long for one transmission', async () => {
    const [one, two] = [await started(), await started()];
    for (let index = 0; index < 40; index += 1) one.broadcast.send(notice(`${index}:${'ä'.repeat(500)}`));
    await until(() => two.received.length === 40, { message: 'all parts' });
  });

  when('comes back by itself after its connection was cut', async () => {
    const [one, two] = [await started(), await started()];
    await cutEverything(name);
    await until(
      () => {
        one.broadcast.send(head('a', 1, 1));
        return two.received.length > 0;
      },
      { timeoutMs: 10_000, message: 'a message after the cut' },
    );
  });

  when(
    'notices, also with nothing to say, that its connection is silently lost',
    async () => {
      const { proxy, url: throughProxy } = await proxyTo(url());
      const [one, two] = [await started(), await started(throughProxy)];
      // Its connections carry nothing any more; new ones would.
      proxy.fallSilent();
      proxy.admitAll();
      await until(
        () => {
          one.broadcast.send(head('a', 1, 1));
          return two.received.length > 0;
        },
        { timeoutMs: 10_000, message: 'a message after the loss' },
      );
    },
    20_000,
  );

  when(
    'keeps a limited part of what nobody takes',
    async () => {
      const { proxy, url: throughProxy } = await proxyTo(url());
      const [one, two] = [await started(), await started(throughProxy)];
      proxy.fallSilent();
      const frame = 'x'.repeat(5_000);
      for (let round = 0; round < 50; round += 1) {
        for (let index = 0; index < 200; index += 1) two.broadcast.send(notice(frame));
        await pause(15);
      }
      expect(proxy.swallowedBytes).toBeLessThan(10_000_000);
      proxy.admitAll();
      await until(
        () => {
          two.broadcast.send(notice('after it'));
          return one.received.some((message) => message.kind === 'notice' && message.frame === 'after it');
        },
        { timeoutMs: 20_000, message: 'a message after the silence' },
      );
    },
    30_000,
  );
});

describe('Broadcast over PostgreSQL that is stopped while it connects', () => {
  it('leaves no connection', async () => {
    const broadcast = new PostgresBroadcast(() => database.url, logger);
    const started = broadcast.start(() => undefined).catch((error: unknown) => error);
    await broadcast.stop();
    expect(await started).toMatchObject({ name: 'AbortError' });
    await until(async () => (await ofSessions('count(*)::int AS sessions'))?.sessions === 0, {
      message: 'the end of its session',
    });
  });
});

/** Says or does something of all sessions of broadcasts. */
async function ofSessions(selected: string): Promise<{ sessions?: unknown } | undefined> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ sessions?: unknown }>(
    `SELECT ${selected} FROM pg_stat_activity WHERE application_name = 'goldenpath-broadcast' AND datname = current_database()`,
  );
  await client.end();
  return rows[0];
}

async function cutEverything(name: string): Promise<void> {
  if (name === 'PostgreSQL') {
    await ofSessions('pg_terminate_backend(pid)');
    return;
  }
  const redis = new Redis(redisUrl ?? '');
  await redis.client('KILL', 'TYPE', 'pubsub');
  await redis.quit();
}
