import { Inject, Injectable } from '@nestjs/common';
import { EventLog } from './event-log.js';
import { RunLeases } from './run-leases.js';
import type { OutgoingEvent, WebSocketManager } from './websocket-manager.js';

/** The one way of a run's events: behind the fence of the run's lease into the log, and from there to everybody who follows the thread. */
@Injectable()
export class EventPipeline implements WebSocketManager {
  constructor(
    @Inject(EventLog) private readonly log: Pick<EventLog, 'append' | 'alreadyAppended' | 'compose' | 'room'>,
    private readonly leases: RunLeases,
  ) {}

  async sendToThread(threadId: string, event: OutgoingEvent): Promise<number> {
    const lease = this.leases.get(event.runId, event.epoch);
    lease.check();
    const fields = { run_id: event.runId, ...event.fields };
    if (event.type === 'agent_completed' && event.fields.final === true) {
      await lease.settled();
      return lease.writeFinal({ type: event.type, fields });
    }
    const draft = { type: event.type, eventId: event.eventId, fields };
    const append = {
      fence: lease.fence,
      threadId,
      userId: event.userId,
      event: this.log.compose({ threadId, userId: event.userId }, draft),
      effects: event.effects,
    };
    const stored = event.isRetry ? await this.log.alreadyAppended(append) : undefined;
    if (stored !== undefined) return stored;
    // Another of its events may have failed while the log was asked.
    lease.check();
    return lease.track(this.log.append(append));
  }

  room(threadId: string): Promise<void> {
    return this.log.room(threadId);
  }
}
