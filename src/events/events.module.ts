import { Global, Module, type FactoryProvider } from '@nestjs/common';
import { AgentWebSocketBridge } from './agent-websocket-bridge.js';
import { Configuration } from '../config/configuration.js';
import { Persistence } from '../persistence/persistence.js';
import { Logger } from '../telemetry/logger.js';
import { Broadcast } from './broadcast.js';
import { PostgresBroadcast } from './broadcast.postgres.js';
import { RedisBroadcast } from './broadcast.redis.js';
import { DeliveryLedger } from './delivery-ledger.js';
import { EventLog } from './event-log.js';
import { EventPipeline } from './event-pipeline.js';
import { RunLeases } from './run-leases.js';
import { Relay } from './relay.js';
import { SharedSpending } from './shared-spending.js';
import { SubscriptionFactory } from './subscription-factory.js';
import { TextStreams } from './text-streams.js';
import { ThreadHub } from './thread-hub.js';
import { ThreadPositions } from './thread-positions.js';
import { UserNotices } from './user-notices.js';
import { WebSocketBridgeFactory } from './websocket-bridge-factory.js';

/** Redis where there is one, else the database itself. */
const BROADCAST: FactoryProvider<Broadcast> = {
  provide: Broadcast,
  inject: [Configuration, Persistence, Logger],
  useFactory: ({ redisUrl }: Configuration, persistence: Persistence, logger: Logger) =>
    redisUrl === undefined
      ? new PostgresBroadcast(() => persistence.connectionUrl, logger)
      : new RedisBroadcast(redisUrl, logger),
};

/** The event log and everything between it and a connection. */
@Global()
@Module({
  providers: [
    ThreadHub,
    EventLog,
    RunLeases,
    EventPipeline,
    WebSocketBridgeFactory,
    AgentWebSocketBridge,
    TextStreams,
    UserNotices,
    SharedSpending,
    ThreadPositions,
    DeliveryLedger,
    SubscriptionFactory,
    BROADCAST,
    Relay,
  ],
  exports: [
    ThreadHub,
    EventLog,
    RunLeases,
    WebSocketBridgeFactory,
    AgentWebSocketBridge,
    TextStreams,
    UserNotices,
    SharedSpending,
    ThreadPositions,
    SubscriptionFactory,
    Relay,
  ],
})
export class EventsModule {}
