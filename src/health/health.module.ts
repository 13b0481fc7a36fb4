import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { AuthModule } from '../auth/auth.module.js';
import { HealthController } from './health.controller.js';
import { HealthReport } from './health-report.js';
import { HealthViewer } from './health-viewer.js';

/** Probes. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), AuthModule],
  controllers: [HealthController],
  providers: [HealthReport, HealthViewer],
})
export class HealthModule {}
