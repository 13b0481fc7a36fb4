import { ERROR_CATALOGUE, isRetryable, type ErrorCode, type WireError } from '@goldenpath/protocol';

export interface AppErrorData {
  readonly details?: Record<string, unknown>;
  readonly retryAfterMs?: number;
  readonly errorId?: string;
  readonly cause?: unknown;
}

/** An error with a code of the one catalogue. Its message is shown to users: it says what is wrong and where, never a secret. */
export class AppError extends Error {
  readonly details: Record<string, unknown> | undefined;
  readonly retryAfterMs: number | undefined;
  readonly errorId: string | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    data: AppErrorData = {},
  ) {
    super(message, { cause: data.cause });
    this.name = 'AppError';
    this.details = data.details;
    this.retryAfterMs = data.retryAfterMs;
    this.errorId = data.errorId;
  }

  get retryable(): boolean {
    return isRetryable(this.code);
  }

  get httpStatus(): number {
    return ERROR_CATALOGUE[this.code].httpStatus ?? 400;
  }

  /** The error as every door shows it: error frame, REST body, JSON-RPC data, event. */
  toWire(): WireError {
    return {
      code: this.code,
      message: this.message,
      retryable: this.retryable,
      ...(this.retryAfterMs === undefined ? {} : { retry_after_ms: this.retryAfterMs }),
      ...(this.errorId === undefined ? {} : { error_id: this.errorId }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}
