import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../src/persistence/embedded/free-port.js';
import { FaultyProxy } from './faulty-proxy.js';
import { ServerUnderTest } from './server-under-test.js';

export const TOPOLOGIES = {
  all: ['all'],
  'all+all': ['all', 'all'],
  'api+worker+worker': ['api', 'worker', 'worker'],
} as const;
export type Topology = keyof typeof TOPOLOGIES;

export interface FleetOptions {
  readonly databaseUrl: string;
  readonly folder: string;
  readonly topology: Topology;
  readonly sabotage: string | undefined;
  readonly redisUrl: string | undefined;
}

const BETWEEN_TRIES_MS = 300;
const TRIES = 60;
const TOKEN_LIFE_S = 86_400;

/** The servers on one database, each that takes connections behind a network of its own. */
export class Fleet {
  private readonly restarts = new Set<Promise<void>>();
  private stopped = false;

  private constructor(
    readonly servers: readonly ServerUnderTest[],
    readonly proxies: readonly FaultyProxy[],
    /** Where clients connect, through the proxies. */
    readonly addresses: readonly string[],
    /** A server that takes requests, past the proxies. */
    readonly directUrl: string,
  ) {}

  static async start(options: FleetOptions): Promise<Fleet> {
    const shared = {
      ...environment(options.databaseUrl),
      ...(options.redisUrl === undefined ? {} : { REDIS_URL: options.redisUrl }),
    };
    const places = [];
    for (const role of TOPOLOGIES[options.topology]) places.push({ role, port: await freePort() });
    const servers = places.map(
      ({ role, port }, index) =>
        new ServerUnderTest({
          name: `${role}-${index + 1}`,
          environment: { ...shared, ROLE: role, PORT: String(port) },
          effectsPath: join(options.folder, 'effects.jsonl'),
          sabotage: options.sabotage,
          logPath: join(options.folder, `${role}-${index + 1}.log`),
        }),
    );
    // The first one makes the tables of the queue.
    const [first, ...others] = servers;
    await first?.start();
    await Promise.all(others.map((server) => server.start()));
    const gateways = places.filter(({ role }) => takesConnections(role));
    const proxies = gateways.map(({ port }) => new FaultyProxy(port));
    const addresses = [];
    for (const proxy of proxies) addresses.push(`127.0.0.1:${await proxy.open()}`);
    return new Fleet(servers, proxies, addresses, `http://127.0.0.1:${places[0]?.port ?? 0}`);
  }

  /** Runs something with all clocks half the life of a token behind: what is signed meanwhile is valid whatever the clocks say later. */
  async inThePast<Result>(work: () => Promise<Result>): Promise<Result> {
    for (const server of this.servers) server.setClock((-TOKEN_LIFE_S / 2) * 1_000);
    const result = await work();
    for (const server of this.servers) server.setClock(0);
    return result;
  }

  /** Starts a server again after a while, until it is ready: a start may fail when the database is away. */
  restart(server: ServerUnderTest, afterMs: number): void {
    const restart = this.untilReady(server, afterMs).finally(() => this.restarts.delete(restart));
    this.restarts.add(restart);
    // Awaited when everything heals.
    restart.catch(() => undefined);
  }

  /** Everything runs again, on a good network. */
  async heal(): Promise<void> {
    for (const proxy of this.proxies) proxy.heal();
    for (const server of this.servers) server.thaw();
    await Promise.all(this.restarts);
    await Promise.all(this.servers.filter(({ isUp }) => !isUp).map((server) => this.untilReady(server, 0)));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const proxy of this.proxies) proxy.close();
    await Promise.all(
      this.servers.map(async (server) => {
        server.thaw();
        await server.end('SIGKILL');
      }),
    );
    await Promise.all(this.restarts).catch(() => undefined);
  }

  private async untilReady(server: ServerUnderTest, afterMs: number): Promise<void> {
    await pause(afterMs);
    for (let tries = 1; !this.stopped; tries += 1) {
      try {
        await server.start();
        return;
      } catch (error) {
        if (tries === TRIES) throw error;
        await pause(BETWEEN_TRIES_MS);
      }
    }
  }
}

const takesConnections = (role: string): boolean => role !== 'worker';

function environment(databaseUrl: string): Record<string, string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    DATABASE_URL: databaseUrl,
    JWT_PRIVATE_KEY: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    ACCESS_TOKEN_TTL_S: String(TOKEN_LIFE_S),
    MESSAGES_PER_MINUTE: '100000',
    CONNECTIONS_PER_USER: '100',
    WS_PING_INTERVAL_MS: '1000',
    WS_PING_TIMEOUT_MS: '3000',
    SHUTDOWN_GRACE_MS: '8000',
  };
}
