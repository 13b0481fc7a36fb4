import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { ThreadsModule } from '../threads/threads.module.js';
import { Authentication } from './authentication.js';
import { ConnectionDrain } from './connection-drain.js';
import { ConnectionManager } from './connection-manager.js';
import { ConnectionMetrics } from './connection-metrics.js';
import { ConnectionOpening } from './connection-opening.js';
import { EarlyFrames } from './early-frames.js';
import { FrameDispatcher } from './frame-dispatcher.js';
import { Heartbeat } from './heartbeat.js';
import { ReadyFrame } from './ready-frame.js';
import { ServiceNotices } from './service-notices.js';
import { SocketGateway } from './socket.gateway.js';
import { UpgradePolicy } from './upgrade-policy.js';

/** The sockets: from the upgrade request to the close. */
@Module({
  imports: [AuthModule, MessagesModule, ThreadsModule],
  providers: [
    SocketGateway,
    UpgradePolicy,
    EarlyFrames,
    ConnectionOpening,
    Authentication,
    ReadyFrame,
    ConnectionManager,
    ConnectionMetrics,
    FrameDispatcher,
    Heartbeat,
    ServiceNotices,
    ConnectionDrain,
  ],
  exports: [ConnectionManager],
})
export class GatewayModule {}
