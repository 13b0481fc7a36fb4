/** Every WebSocket close code the server sends, by name. */
export const CLOSE_CODES = {
  /** Also how an idle connection is ended. */
  normal: 1000,
  goingAway: 1001,
  /** A frame over the transport limit (256 KiB). */
  transportLimit: 1009,
  internal: 1011,
  restart: 1012,
  protocolViolation: 4400,
  authenticateFirst: 4401,
  forbidden: 4403,
  slowConsumer: 4408,
  connectionLimit: 4409,
  flooding: 4429,
} as const;

export type CloseCode = (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES];

/**
 * What a client does after a close:
 * - `never`: it would be refused again, for the same reason;
 * - `new_token`: reconnect once a new token is at hand;
 * - `back_off`: the server asked for less; wait clearly longer than after a lost connection, then resume;
 * - `resume`: reconnect with jittered back-off and resume from the cursors.
 */
export type ReconnectPolicy = 'never' | 'new_token' | 'back_off' | 'resume';

/** Codes that are not ours (1006 of a cut line, 1005 …) mean a lost connection: `resume`. */
export function reconnectPolicy(closeCode: number): ReconnectPolicy {
  switch (closeCode) {
    case CLOSE_CODES.protocolViolation:
    case CLOSE_CODES.forbidden:
      return 'never';
    case CLOSE_CODES.authenticateFirst:
      return 'new_token';
    case CLOSE_CODES.connectionLimit:
    case CLOSE_CODES.flooding:
      return 'back_off';
    default:
      return 'resume';
  }
}
