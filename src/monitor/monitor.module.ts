import { Global, Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { Alerts } from './alerts.js';
import { GoldenPathMonitor } from './golden-path-monitor.js';
import { Lifecycle } from './lifecycle.js';
import { Metrics } from './metrics.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsListener } from './metrics-listener.js';
import { Peers } from './peers.js';
import { ServiceWatch } from './service-watch.js';
import { UnseenFinals } from './unseen-finals.js';

/** What the process knows about its own state, and how others hear of it. */
@Global()
@Module({
  imports: [AuthModule],
  controllers: [MetricsController],
  providers: [Lifecycle, ServiceWatch, Metrics, MetricsListener, Alerts, GoldenPathMonitor, UnseenFinals, Peers],
  exports: [Lifecycle, ServiceWatch, Metrics, Alerts, GoldenPathMonitor, Peers],
})
export class MonitorModule {}
