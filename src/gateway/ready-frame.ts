import { CRITICAL_EVENTS, type ConnectionReadyFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import type { Identity } from '../auth/identity.js';
import { Configuration } from '../config/configuration.js';
import { Lifecycle } from '../monitor/lifecycle.js';
import { Installation } from '../persistence/installation.js';
import { Clock } from '../telemetry/clock.js';

/** Makes connection_ready: who the client is, where it stands, and what it may expect. */
@Injectable()
export class ReadyFrame {
  constructor(
    private readonly configuration: Configuration,
    private readonly lifecycle: Lifecycle,
    private readonly installation: Installation,
    private readonly clock: Clock,
  ) {}

  compose(connectionId: string, identity: Identity): ConnectionReadyFrame {
    const { limits, socket, version } = this.configuration;
    return {
      type: 'connection_ready',
      connection_ready: true,
      user_id: identity.userId,
      tenant_id: identity.tenantId,
      connection_id: connectionId,
      session_id: identity.sessionId,
      log_id: this.installation.logId(),
      server_time: this.clock.timestamp(),
      server_version: version,
      limits: {
        max_message_bytes: socket.maxMessageBytes,
        messages_per_minute: limits.messagesPerMinute,
        concurrent_runs: limits.concurrentRunsPerUser,
        queued_runs: limits.queuedRunsPerUser,
      },
      heartbeat: { interval_ms: socket.pingIntervalMs, timeout_ms: socket.pingTimeoutMs },
      critical_events: [...CRITICAL_EVENTS],
      // What is degraded still does everything.
      mode: this.lifecycle.mode === 'limited' ? 'limited' : 'full',
      degraded: [...this.lifecycle.degraded],
      capabilities: [...this.lifecycle.capabilities],
    };
  }
}
