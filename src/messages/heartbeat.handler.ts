import type { HeartbeatAckFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { Clock } from '../telemetry/clock.js';
import type { FrameHandler } from './frame-handler.js';

/** For browsers, whose scripts see no WebSocket pings. */
@Injectable()
export class HeartbeatHandler implements FrameHandler<'heartbeat'> {
  constructor(private readonly clock: Clock) {}

  handle(): HeartbeatAckFrame {
    return { type: 'heartbeat_ack', server_time: this.clock.timestamp() };
  }
}
