import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SessionRecovery } from '../auth/session-recovery.js';
import { Metrics } from '../monitor/metrics.js';
import { ConnectionManager } from './connection-manager.js';

/** The connections of this process as metrics: read at the scrape. */
@Injectable()
export class ConnectionMetrics implements OnModuleInit {
  constructor(
    private readonly manager: ConnectionManager,
    private readonly recovery: SessionRecovery,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    const { manager, recovery, metrics } = this;
    const connections = { name: 'goldenpath_connections', help: 'WebSocket connections, by state.', label: 'state' };
    metrics.gauges(connections, () => byState(manager));
    const handshakes = {
      name: 'goldenpath_handshakes_total',
      help: 'Handshakes, by result.',
      label: 'result',
    };
    metrics.counts(handshakes, () => {
      const { handshakes_succeeded: succeeded, handshakes_failed: failed } = manager.totals();
      return { succeeded, failed };
    });
    const dropped = {
      name: 'goldenpath_session_records_dropped_total',
      help: 'Sessions whose progress was not stored, by reason.',
      label: 'reason',
    };
    metrics.counts(dropped, () => ({ refused: recovery.refused }));
    metrics.gauge('goldenpath_buffered_bytes', 'Bytes that wait in sockets.', () =>
      [...manager.all()].reduce((bytes, { channel }) => bytes + channel.bufferedBytes, 0),
    );
  }
}

function byState(manager: ConnectionManager): Record<string, number> {
  const counts: Record<string, number> = { connecting: 0, authenticated: 0, ready: 0, draining: 0 };
  for (const { state } of manager.all()) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
