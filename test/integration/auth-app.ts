import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { jest } from '@jest/globals';
import { Controller, Get, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { z } from 'zod';
import { AcceptsTicket } from '../../src/auth/accepts-ticket.decorator.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { CurrentIdentity } from '../../src/auth/current-identity.decorator.js';
import type { Identity } from '../../src/auth/identity.js';
import { Roles } from '../../src/auth/roles.decorator.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { ErrorFilter } from '../../src/errors/error.filter.js';
import { UnexpectedErrors } from '../../src/errors/unexpected-errors.js';
import { ValidationPipe } from '../../src/errors/validation.pipe.js';
import { Database } from '../../src/persistence/database.js';
import { Installation } from '../../src/persistence/installation.js';
import { ServerProcesses } from '../../src/persistence/server-processes.js';
import { Clock } from '../../src/telemetry/clock.js';
import { Ids } from '../../src/telemetry/ids.js';
import { Logger } from '../../src/telemetry/logger.js';
import { TelemetryModule } from '../../src/telemetry/telemetry.module.js';
import { createTestDatabase, openDatabase } from '../support/database.js';

export const PASSWORD = 'violet anchors hum';

/** A key like an operator makes one. */
export const newPrivateKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;
export const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();

/** The wall clock of a test: it can be put forward. */
export class MovableClock extends Clock {
  private aheadMs = 0;

  override now(): Date {
    return new Date(super.now().getTime() + this.aheadMs);
  }

  override monotonicMs(): number {
    return super.monotonicMs() + this.aheadMs;
  }

  forward(ms: number): void {
    this.aheadMs += ms;
  }
}

/** Keeps what would have been logged. */
export class RecordingLogger extends Logger {
  readonly lines: { event: string; fields: Record<string, unknown> }[] = [];

  constructor() {
    super('silent');
  }

  override info(event: string, fields: Record<string, unknown> = {}): void {
    this.lines.push({ event, fields });
  }

  override warn(event: string, fields: Record<string, unknown> = {}): void {
    this.lines.push({ event, fields });
  }

  override error(event: string, fields: Record<string, unknown> = {}): void {
    this.lines.push({ event, fields });
  }

  named(event: string): { event: string; fields: Record<string, unknown> }[] {
    return this.lines.filter((line) => line.event === event);
  }
}

/** Routes with the rules that other modules will use. */
@Controller('probe')
class ProbeController {
  @Get('admin')
  @Roles('platform_admin')
  admin(): { ok: true } {
    return { ok: true };
  }

  @Get('stream')
  @AcceptsTicket()
  stream(@CurrentIdentity() identity: Identity): { user_id: string } {
    return { user_id: identity.userId };
  }

  @Get('fault')
  fault(): never {
    throw new Error('canary: a bug with a secret in its message');
  }
}

@Module({ controllers: [ProbeController] })
class ProbeModule {}

export interface AuthAppOptions {
  /** Another node of an installation: its database and key. */
  readonly url?: string;
  readonly privateKey?: KeyObject;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export interface CallOptions {
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly raw?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The auth module in a small Nest application on a real database. */
export class AuthApp {
  private constructor(
    readonly app: NestExpressApplication,
    readonly databaseUrl: string,
    readonly database: Database,
    readonly clock: MovableClock,
    readonly logger: RecordingLogger,
    readonly privateKey: KeyObject,
    private readonly release: () => Promise<void>,
  ) {}

  static async start(options: AuthAppOptions = {}): Promise<AuthApp> {
    const own = options.url === undefined ? await createTestDatabase() : undefined;
    const url = options.url ?? own?.url ?? '';
    const opened = await openDatabase(url);
    const { database } = opened;
    const privateKey = options.privateKey ?? newPrivateKey();
    const configuration = loadConfiguration({
      NODE_ENV: 'test',
      DATABASE_URL: url,
      JWT_PRIVATE_KEY: pemOf(privateKey),
      ...options.environment,
    });
    const clock = new MovableClock();
    const logger = new RecordingLogger();
    @Global()
    @Module({
      providers: [{ provide: Database, useValue: database }, Installation, ServerProcesses],
      exports: [Database, Installation, ServerProcesses],
    })
    class DatabaseModule {}
    const testing = await Test.createTestingModule({
      imports: [ConfigModule.with(configuration), TelemetryModule, DatabaseModule, AuthModule, ProbeModule],
      providers: [
        {
          provide: UnexpectedErrors,
          useFactory: (ids: Ids, log: Logger) => new UnexpectedErrors(ids, log),
          inject: [Ids, Logger],
        },
        {
          provide: APP_FILTER,
          useFactory: (unexpected: UnexpectedErrors) => new ErrorFilter(unexpected),
          inject: [UnexpectedErrors],
        },
        { provide: APP_PIPE, useClass: ValidationPipe },
      ],
    })
      .overrideProvider(Clock)
      .useValue(clock)
      .overrideProvider(Logger)
      .useValue(logger)
      .compile();
    const app = testing.createNestApplication<NestExpressApplication>();
    await app.listen(0, '127.0.0.1');
    return new AuthApp(app, url, database, clock, logger, privateKey, async () => {
      await app.close();
      await opened.close();
      await own?.drop();
    });
  }

  async close(): Promise<void> {
    await this.release();
  }

  get<Part>(token: abstract new (...parameters: never[]) => Part): Part {
    return this.app.get<Part>(token);
  }

  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const response = await fetch(`${await this.app.getUrl()}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text === '' ? undefined : JSON.parse(text),
    };
  }

  async register(email: string): Promise<Tokens> {
    return tokensOf(await this.call('POST', '/api/auth/register', { body: { email, password: PASSWORD } }));
  }

  /** Counts statements with this text, from now on. */
  selects(text: string): { count(): number } {
    const rows = jest.spyOn(this.database, 'rows');
    const before = rows.mock.calls.length;
    return { count: () => rows.mock.calls.slice(before).filter(([statement]) => statement.includes(text)).length };
  }

  async login(email: string, password = PASSWORD): Promise<Answer> {
    return this.call('POST', '/api/auth/login', { body: { email, password } });
  }
}

const tokensSchema = z.object({
  user: z.object({ id: z.uuid(), email: z.string(), tenant_id: z.uuid(), roles: z.array(z.string()) }),
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
});
export type Tokens = z.output<typeof tokensSchema>;

export const tokensOf = (answer: Answer): Tokens => tokensSchema.parse(answer.json);

const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    retry_after_ms: z.number().optional(),
    error_id: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});

export const errorOf = (answer: Answer): z.output<typeof errorSchema>['error'] => errorSchema.parse(answer.json).error;

/** Status and code, the two things most refusals are judged by. */
export const refusalOf = (answer: Answer): [number, string] => [answer.status, errorOf(answer).code];
