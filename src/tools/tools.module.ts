import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ToolEventsInterceptor } from './tool-events.interceptor.js';
import { ToolRegistry } from './tool-registry.js';
import { ToolRunner } from './tool-runner.js';

/** Finds tools and runs them. The engine provides the ProviderResolver of each run. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [ToolRegistry, ToolRunner, ToolEventsInterceptor],
  exports: [ToolRegistry, ToolRunner],
})
export class ToolsModule {}
