import { type ErrorCode, isErrorCode, type WireError } from '@goldenpath/protocol';

/** What goes wrong on this side of the wire. */
export type ClientErrorCode =
  | 'not_connected'
  | 'connection_lost'
  | 'client_closed'
  | 'request_timeout'
  | 'sequence_gap'
  | 'thread_unfollowed'
  | 'queue_overflow'
  | 'invalid_server_frame';

export type GoldenpathErrorCode = ErrorCode | ClientErrorCode;

export interface GoldenpathErrorData {
  retryable?: boolean;
  retryAfterMs?: number;
  errorId?: string;
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** Every error of this library: the server's, by its code of the catalogue, and the client's own. */
export class GoldenpathError extends Error {
  override readonly name = 'GoldenpathError';
  /** The same request may be sent again, unchanged. */
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  /** Finds the server's error report. */
  readonly errorId: string | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(
    readonly code: GoldenpathErrorCode,
    message: string,
    data: GoldenpathErrorData = {},
  ) {
    super(message, data.cause === undefined ? undefined : { cause: data.cause });
    this.retryable = data.retryable ?? false;
    this.retryAfterMs = data.retryAfterMs;
    this.errorId = data.errorId;
    this.details = data.details;
  }

  /** A code that this version does not know (a newer server's) becomes `internal`; details.code has it. */
  static fromWire(error: WireError): GoldenpathError {
    const known = isErrorCode(error.code);
    return new GoldenpathError(known ? error.code : 'internal', error.message, {
      retryable: error.retryable,
      retryAfterMs: error.retry_after_ms,
      errorId: error.error_id,
      details: known ? error.details : { ...error.details, code: error.code },
    });
  }

  static from(cause: unknown): GoldenpathError {
    if (cause instanceof GoldenpathError) return cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    return new GoldenpathError('connection_lost', message, { retryable: true, cause });
  }
}
