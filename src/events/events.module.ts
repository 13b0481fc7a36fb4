import { Global, Module } from '@nestjs/common';
import { AgentWebSocketBridge } from './agent-websocket-bridge.js';
import { EventLog } from './event-log.js';
import { EventPipeline } from './event-pipeline.js';
import { RunLeases } from './run-leases.js';
import { SubscriptionFactory } from './subscription-factory.js';
import { TextStreams } from './text-streams.js';
import { ThreadHub } from './thread-hub.js';
import { ThreadPositions } from './thread-positions.js';
import { WebSocketBridgeFactory } from './websocket-bridge-factory.js';

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
    ThreadPositions,
    SubscriptionFactory,
  ],
  exports: [
    ThreadHub,
    EventLog,
    RunLeases,
    WebSocketBridgeFactory,
    AgentWebSocketBridge,
    TextStreams,
    ThreadPositions,
    SubscriptionFactory,
  ],
})
export class EventsModule {}
