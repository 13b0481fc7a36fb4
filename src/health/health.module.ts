import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ModelsModule } from '../models/models.module.js';
import { HealthController } from './health.controller.js';
import { HealthReport } from './health-report.js';

/** Probes. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ModelsModule],
  controllers: [HealthController],
  providers: [HealthReport],
})
export class HealthModule {}
