import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { GatewayModule } from '../gateway/gateway.module.js';
import { AdminController } from './admin.controller.js';
import { AdminRecords } from './admin-records.js';
import { AdminRecordsController } from './admin-records.controller.js';
import { AdminSettings } from './admin-settings.js';
import { AdminRunsController } from './admin-runs.controller.js';
import { RunRecords } from './run-records.js';
import { RunRetry } from './run-retry.js';
import { AdminMonitorController } from './admin-monitor.controller.js';
import { AdminQueries } from './admin-queries.js';

/** Admin REST. */
@Module({
  imports: [AuthModule, GatewayModule],
  controllers: [AdminController, AdminRunsController, AdminRecordsController, AdminMonitorController],
  providers: [AdminQueries, RunRecords, RunRetry, AdminRecords, AdminSettings],
})
export class AdminModule {}
