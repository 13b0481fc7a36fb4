import { Injectable } from '@nestjs/common';
import type { UserExecutionContext } from '../context/user-execution-context.js';
import { Ids } from '../telemetry/ids.js';
import { EventPipeline } from './event-pipeline.js';
import { UnifiedWebSocketEmitter } from './unified-websocket-emitter.js';
import { emitterContext, type LegacyIds, type WebSocketEmitterFactory } from './websocket-emitter-factory.js';

/** Makes emitters whose every method waits for the disk: for take-over and for whatever writes into a run from outside its agents. */
@Injectable()
export class WebSocketBridgeFactory implements WebSocketEmitterFactory {
  constructor(
    private readonly pipeline: EventPipeline,
    private readonly ids: Ids,
  ) {}

  async createUserEmitter(source: UserExecutionContext | LegacyIds): Promise<UnifiedWebSocketEmitter> {
    return Promise.resolve(
      UnifiedWebSocketEmitter.createUserEmitter(
        this.pipeline,
        emitterContext(source, () => this.ids.next()),
      ),
    );
  }
}
