import { Global, Module } from '@nestjs/common';
import { UnexpectedErrors } from '../errors/unexpected-errors.js';
import { Configuration } from '../config/configuration.js';
import { Clock } from './clock.js';
import { Ids } from './ids.js';
import { Logger } from './logger.js';

/** Time, ids, logs and the edge of unexpected errors, for every layer above. */
@Global()
@Module({
  providers: [
    Clock,
    Ids,
    {
      provide: Logger,
      useFactory: (configuration: Configuration) => new Logger(configuration.logLevel),
      inject: [Configuration],
    },
    {
      provide: UnexpectedErrors,
      useFactory: (ids: Ids, logger: Logger) => new UnexpectedErrors(ids, logger),
      inject: [Ids, Logger],
    },
  ],
  exports: [Clock, Ids, Logger, UnexpectedErrors],
})
export class TelemetryModule {}
