import type { ConnectionState } from './connection-state.js';
import type { Connection } from './connection.js';

/** What an admin sees of a connection. Times are ISO 8601, ages milliseconds. */
export interface ConnectionSnapshot {
  readonly connection_id: string;
  readonly state: ConnectionState;
  readonly user_id: string | null;
  readonly tenant_id: string | null;
  readonly session_id: string | null;
  readonly thread_id: string | null;
  readonly opened_at: string;
  readonly idle_ms: number;
  readonly since_pong_ms: number;
  readonly frames_in: number;
  readonly bytes_in: number;
  readonly frames_out: number;
  readonly bytes_out: number;
  readonly errors: number;
  readonly frames_dropped: number;
  readonly buffered_bytes: number;
}

export function connectionSnapshot(connection: Connection): ConnectionSnapshot {
  const { channel, identity } = connection;
  const { counters } = channel;
  return {
    connection_id: connection.id,
    state: connection.state,
    user_id: identity?.userId ?? null,
    tenant_id: identity?.tenantId ?? null,
    session_id: identity?.sessionId ?? null,
    thread_id: connection.boundThreadId ?? null,
    opened_at: connection.openedAt.toISOString(),
    idle_ms: Math.round(connection.idleMs),
    since_pong_ms: Math.round(connection.sincePongMs),
    frames_in: counters.framesIn,
    bytes_in: counters.bytesIn,
    frames_out: counters.framesOut,
    bytes_out: counters.bytesOut,
    errors: counters.errors,
    frames_dropped: counters.framesDropped,
    buffered_bytes: channel.bufferedBytes,
  };
}
