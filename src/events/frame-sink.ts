/** Where a connection's frames go: a WebSocket or a stream of server-sent events. */
export interface FrameSink {
  readonly isOpen: boolean;
  /** Bytes handed over that the peer has not taken yet. */
  readonly bufferedBytes: number;
  /** Sends one frame; nothing happens when the sink is not open. */
  send(frame: string): void;
}

/** Above this the server stops pushing to a sink and catches up from the log later. */
export const BUFFER_HIGH_BYTES = 256 * 1024;
/** Below this it goes on. */
export const BUFFER_LOW_BYTES = 64 * 1024;
/** At this, or without progress for so long, the peer is given up. */
export const BUFFER_LIMIT_BYTES = 1024 * 1024;
export const STALL_LIMIT_MS = 30_000;
