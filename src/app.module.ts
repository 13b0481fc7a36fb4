import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AdminModule } from './admin/admin.module.js';
import { AgentsModule } from './agents/agents.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Configuration } from './config/configuration.js';
import { CostAnalysisModule } from './cost-analysis/cost-analysis.module.js';
import { EngineModule } from './engine/engine.module.js';
import { ErrorFilter } from './errors/error.filter.js';
import { UnexpectedErrors } from './errors/unexpected-errors.js';
import { ValidationPipe } from './errors/validation.pipe.js';
import { EventsModule } from './events/events.module.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { HealthModule } from './health/health.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { ModelsModule } from './models/models.module.js';
import { MonitorModule } from './monitor/monitor.module.js';
import { PersistenceModule } from './persistence/persistence.module.js';
import { RunsModule } from './runs/runs.module.js';
import { Shutdown } from './shutdown.js';
import { Startup } from './startup.js';
import { TelemetryModule } from './telemetry/telemetry.module.js';
import { ThreadsModule } from './threads/threads.module.js';
import { ToolsModule } from './tools/tools.module.js';

/** The table of contents: the modules in the order in which a message flows. */
@Module({})
export class AppModule {
  /** `extensions`: modules of your own, with agents, tools and controllers; they are found like the built-in ones. */
  static with(configuration: Configuration, extensions: readonly Type[] = []): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ...extensions,
        HealthModule,
        AdminModule,
        CostAnalysisModule,
        GatewayModule,
        MessagesModule,
        ThreadsModule,
        RunsModule,
        EngineModule,
        AgentsModule,
        ToolsModule,
        ModelsModule,
        EventsModule,
        MonitorModule,
        AuthModule,
        PersistenceModule,
        TelemetryModule,
        ConfigModule.with(configuration),
      ],
      providers: [
        {
          provide: APP_FILTER,
          useFactory: (errors: UnexpectedErrors) => new ErrorFilter(errors),
          inject: [UnexpectedErrors],
        },
        { provide: APP_PIPE, useClass: ValidationPipe },
        Startup,
        Shutdown,
      ],
    };
  }
}
