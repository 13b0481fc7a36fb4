import type { PongFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { Clock } from '../telemetry/clock.js';
import type { FrameHandler } from './frame-handler.js';

@Injectable()
export class PingHandler implements FrameHandler<'ping'> {
  constructor(private readonly clock: Clock) {}

  handle(): PongFrame {
    return { type: 'pong', server_time: this.clock.timestamp() };
  }
}
