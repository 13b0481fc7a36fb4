import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ModelsModule } from '../models/models.module.js';
import { AgentEventsInterceptor } from './agent-events.interceptor.js';
import { AgentRegistry } from './agent-registry.js';
import { AgentRunner } from './agent-runner.js';
import { SupervisorAgent } from './supervisor.agent.js';

/** Finds agents and runs them. The engine provides the scope of each run, the application the AgentPipeline. */
@Global()
@Module({
  imports: [DiscoveryModule, ModelsModule],
  providers: [AgentRegistry, AgentRunner, AgentEventsInterceptor, SupervisorAgent],
  exports: [AgentRegistry, AgentRunner],
})
export class AgentsModule {}
