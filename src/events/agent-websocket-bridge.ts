import { Injectable } from '@nestjs/common';
import type { UserExecutionContext } from '../context/user-execution-context.js';
import { Ids } from '../telemetry/ids.js';
import { EventPipeline } from './event-pipeline.js';
import { UnifiedWebSocketEmitter } from './unified-websocket-emitter.js';
import { emitterContext, type LegacyIds, type WebSocketEmitterFactory } from './websocket-emitter-factory.js';

/** Makes the emitters of agents, one for each agent of a run, in performance mode: thinking does not wait for the disk, tools do. */
@Injectable()
export class AgentWebSocketBridge implements WebSocketEmitterFactory {
  constructor(
    private readonly pipeline: EventPipeline,
    private readonly ids: Ids,
  ) {}

  async createUserEmitter(source: UserExecutionContext | LegacyIds): Promise<UnifiedWebSocketEmitter> {
    return Promise.resolve(this.emitterFor(source));
  }

  /** The same without a promise, for the hot path. */
  emitterFor(source: UserExecutionContext | LegacyIds): UnifiedWebSocketEmitter {
    const context = emitterContext(source, () => this.ids.next());
    return new UnifiedWebSocketEmitter(this.pipeline, context.userId, context, true);
  }
}
