import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Type } from '@nestjs/common';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { createApplication, type Application } from '../../src/create-application.js';
import { Database } from '../../src/persistence/database.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { TcpProxy } from './tcp-proxy.js';
import { SocketClient, type SocketOptions } from './socket.js';

export const PASSWORD = 'violet anchors hum';

export interface TestUser {
  readonly id: string;
  readonly tenantId: string;
  readonly email: string;
  readonly token: string;
  readonly refreshToken: string;
}

export interface CallOptions {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

const signedIn = z.object({
  user: z.object({ id: z.string(), tenant_id: z.string(), email: z.string() }),
  access_token: z.string(),
  refresh_token: z.string(),
});

interface StartOptions {
  readonly privateKey: KeyObject;
  readonly ownsStore: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly extensions: readonly Type[];
}

/** The real application on a free port and a database of its own, in this process. */
export class TestServer {
  private users = 0;

  private constructor(
    readonly application: Application,
    readonly privateKey: KeyObject,
    private readonly store: TestDatabase,
    private readonly ownsStore: boolean,
  ) {}

  /** `environment`: variables over config/test.env. `extensions`: modules with agents and tools of the test. */
  static async start(
    environment: Readonly<Record<string, string>> = {},
    extensions: readonly Type[] = [],
  ): Promise<TestServer> {
    const { privateKey } = generateKeyPairSync('ed25519');
    return TestServer.startOn(await createTestDatabase(), { privateKey, ownsStore: true, environment, extensions });
  }

  /** The same, with a proxy between it and its database: what takes the database away and gives it back. */
  static async startThroughProxy(
    environment: Readonly<Record<string, string>> = {},
    extensions: readonly Type[] = [],
  ): Promise<{ server: TestServer; proxy: TcpProxy }> {
    const { privateKey } = generateKeyPairSync('ed25519');
    const direct = await createTestDatabase();
    const url = new URL(direct.url);
    const proxy = new TcpProxy({ host: url.hostname, port: Number(url.port === '' ? 5432 : url.port) });
    url.hostname = '127.0.0.1';
    url.port = String(await proxy.open());
    const store = {
      url: url.href,
      drop: async () => {
        await proxy.close();
        await direct.drop();
      },
    };
    const server = await TestServer.startOn(store, { privateKey, ownsStore: true, environment, extensions });
    return { server, proxy };
  }

  /** Another server on the same database, as a second replica. Stop it before this one. */
  sibling(environment: Readonly<Record<string, string>> = {}, extensions: readonly Type[] = []): Promise<TestServer> {
    return TestServer.startOn(this.store, { privateKey: this.privateKey, ownsStore: false, environment, extensions });
  }

  private static async startOn(
    store: TestDatabase,
    { privateKey, ownsStore, environment, extensions }: StartOptions,
  ): Promise<TestServer> {
    const configuration = loadConfiguration({
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      DATABASE_URL: store.url,
      JWT_PRIVATE_KEY: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      LOG_LEVEL: 'silent',
      ...environment,
    });
    const application = await createApplication(configuration, extensions);
    const server = new TestServer(application, privateKey, store, ownsStore);
    try {
      await application.start();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  get url(): string {
    return this.application.url();
  }

  get database(): Database {
    return this.get(Database);
  }

  get<Part>(token: abstract new (...parameters: never[]) => Part): Part {
    return this.application.nest.get<Part>(token, { strict: false });
  }

  /** A new user in a tenant of their own. */
  async register(): Promise<TestUser> {
    this.users += 1;
    const email = `user-${this.users}@example.com`;
    const answer = await this.call('POST', '/api/auth/register', { body: { email, password: PASSWORD } });
    const { user, access_token: token, refresh_token: refreshToken } = signedIn.parse(answer.json);
    return { id: user.id, tenantId: user.tenant_id, email, token, refreshToken };
  }

  async call(method: string, path: string, { token, body, headers = {} }: CallOptions = {}): Promise<RestAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text === '' ? undefined : JSON.parse(text),
    };
  }

  socketUrl(query = ''): string {
    return `${this.url.replace('http', 'ws')}/ws${query}`;
  }

  /** A socket, not waited for to be ready. */
  socket(query = '', options: SocketOptions = {}): Promise<SocketClient> {
    return SocketClient.open(this.socketUrl(query), options);
  }

  /** A socket of a user, ready. */
  async connect(user: TestUser, query = '', options: SocketOptions = {}): Promise<SocketClient> {
    const client = await this.socket(query, {
      ...options,
      headers: { authorization: `Bearer ${user.token}`, ...options.headers },
    });
    await client.next('connection_ready');
    return client;
  }

  /** Stops the server and removes its database. */
  async stop(): Promise<void> {
    try {
      await this.application.stop('end of test');
    } finally {
      if (this.ownsStore) await this.store.drop();
    }
  }
}
