import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../../src/persistence/embedded/free-port.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const READY_MS = 10_000;
const RETRY_MS = 50;

/** A Redis of the harness' own behind a proxy: taken away, given back, frozen, killed, emptied. Nothing of it is on disk. */
export class RedisUnderTest {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly proxy: TcpProxy,
    readonly url: string,
  ) {}

  /** Undefined where there is no redis-server. */
  static async open(): Promise<RedisUnderTest | undefined> {
    const port = await freePort();
    const proxy = new TcpProxy({ host: '127.0.0.1', port });
    const redis = new RedisUnderTest(port, proxy, `redis://127.0.0.1:${await proxy.open()}`);
    try {
      await redis.start();
      return redis;
    } catch {
      await redis.close();
      return undefined;
    }
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const child = spawn('redis-server', ['--port', String(this.port), '--bind', '127.0.0.1', '--save', ''], {
      stdio: 'ignore',
    });
    await once(child, 'spawn');
    this.child = child;
    await this.command((redis) => redis.ping());
  }

  async flush(): Promise<void> {
    await this.command((redis) => redis.flushall());
  }

  /** Nobody reaches it for a while. */
  async takeAway(durationMs: number): Promise<void> {
    await this.proxy.close();
    await pause(durationMs);
    await this.proxy.open();
  }

  /** Connections stay open and nothing answers. */
  async freeze(durationMs: number): Promise<void> {
    this.child?.kill('SIGSTOP');
    await pause(durationMs);
    this.child?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async close(): Promise<void> {
    await this.kill();
    await this.proxy.close();
  }

  /** Past the proxy. */
  private async command(work: (redis: Redis) => Promise<unknown>): Promise<void> {
    const redis = new Redis(this.port, '127.0.0.1', {
      retryStrategy: () => RETRY_MS,
      maxRetriesPerRequest: READY_MS / RETRY_MS,
    });
    redis.on('error', () => undefined);
    try {
      await work(redis);
    } finally {
      redis.disconnect();
    }
  }
}
