import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import type { Configuration } from './config/configuration.js';
import { installHttpPipeline } from './http-pipeline.js';
import { NestLogs } from './nest-logs.js';
import { installOpenApi } from './open-api.js';
import { Persistence } from './persistence/persistence.js';
import { Shutdown } from './shutdown.js';
import { Startup } from './startup.js';
import { listenError, prepareDataDir } from './start-problems.js';
import { Logger } from './telemetry/logger.js';

/**
 * How long a connection without a request stays open. Longer than proxies and clients keep one (60 s at most, usually): whoever closes first must not
 * be the server, or a request that is just being sent is lost.
 */
const HTTP_KEEP_ALIVE_MS = 75_000;

/** The whole server, not yet listening. */
export interface Application {
  readonly nest: NestExpressApplication;
  /** Listens, then brings everything up; resolves when the server takes work. Throws StartupError, ConfigurationError. */
  start(): Promise<void>;
  /** Base address once it listens, e.g. http://127.0.0.1:3000. */
  url(): string;
  /** Drains and closes everything. */
  stop(reason: string): Promise<void>;
  /** Lets go of everything at once, for a start that failed. */
  abandon(): Promise<void>;
}

/** `extensions` are modules of your own: their @Agent and @Tool providers are found by themselves. */
export async function createApplication(
  configuration: Configuration,
  extensions: readonly Type[] = [],
): Promise<Application> {
  const logger = new Logger(configuration.logLevel);
  const nest = await NestFactory.create<NestExpressApplication>(AppModule.with(configuration, extensions), {
    logger: new NestLogs(logger),
    forceCloseConnections: true,
    abortOnError: false,
  });
  nest.getHttpServer().keepAliveTimeout = HTTP_KEEP_ALIVE_MS;
  installHttpPipeline(nest);
  installOpenApi(nest, configuration);
  return {
    nest,
    start: async () => {
      await prepareDataDir(configuration);
      await nest.listen(configuration.port, configuration.host).catch((error: unknown) => {
        throw listenError(error, configuration);
      });
      await nest.get(Startup).run();
    },
    url: () => addressOf(nest),
    stop: async (reason) => {
      const shutdown = nest.get(Shutdown);
      await shutdown.drain(reason);
      await shutdown.closeWorkers();
      await nest.close();
      await nest.get(Persistence).stop();
    },
    abandon: async () => {
      await nest
        .get(Shutdown)
        .closeWorkers()
        .catch(() => undefined);
      await nest.get(Persistence).stop();
    },
  };
}

function addressOf(nest: NestExpressApplication): string {
  const address: unknown = nest.getHttpServer().address();
  if (typeof address !== 'object' || address === null || !('port' in address) || !('address' in address))
    throw new Error('the server does not listen');
  const host = address.address === '0.0.0.0' || address.address === '::' ? '127.0.0.1' : String(address.address);
  return `http://${host.includes(':') ? `[${host}]` : host}:${String(address.port)}`;
}
