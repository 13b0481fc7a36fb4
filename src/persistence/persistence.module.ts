import { Global, Module } from '@nestjs/common';
import { Logger } from '../telemetry/logger.js';
import { Connections } from './connections.js';
import { Database } from './database.js';
import { Installation } from './installation.js';
import { Persistence } from './persistence.js';
import { ServerProcesses } from './server-processes.js';

/** The store for every layer above. Nothing is opened here: the start-up phases call Persistence.start(). */
@Global()
@Module({
  providers: [
    { provide: Connections, useFactory: (logger: Logger) => new Connections(logger), inject: [Logger] },
    {
      provide: Database,
      useFactory: (connections: Connections) => new Database(() => connections.pool()),
      inject: [Connections],
    },
    Installation,
    Persistence,
    ServerProcesses,
  ],
  exports: [Database, Installation, Persistence, ServerProcesses],
})
export class PersistenceModule {}
