import { Module } from '@nestjs/common';
import { GatewayModule } from '../gateway/gateway.module.js';
import { AdminController } from './admin.controller.js';
import { AdminRunsController } from './admin-runs.controller.js';
import { RunRecords } from './run-records.js';
import { RunRetry } from './run-retry.js';
import { AdminQueries } from './admin-queries.js';

/** Admin REST. */
@Module({
  imports: [GatewayModule],
  controllers: [AdminController, AdminRunsController],
  providers: [AdminQueries, RunRecords, RunRetry],
})
export class AdminModule {}
