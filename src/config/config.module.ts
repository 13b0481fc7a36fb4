import { Module, type DynamicModule } from '@nestjs/common';
import { Configuration } from './configuration.js';

/** Hands the settings, loaded before Nest starts, to every module. */
@Module({})
export class ConfigModule {
  static with(configuration: Configuration): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: Configuration, useValue: configuration }],
      exports: [Configuration],
    };
  }
}
