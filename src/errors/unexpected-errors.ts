import { HttpException } from '@nestjs/common';
import { AppError } from './app-error.js';
import { fromHttpException } from './http-exception.js';

/** What makes error ids: Ids of src/telemetry, which lies above this folder. */
export interface ErrorIds {
  next(): string;
}

/** What writes errors down: Logger of src/telemetry. */
export interface ErrorLog {
  error(event: string, fields: Record<string, unknown>): void;
}

/** The edge between errors that are thrown and errors that are shown: HTTP and sockets use the same one. */
export class UnexpectedErrors {
  constructor(
    private readonly ids: ErrorIds,
    private readonly log: ErrorLog,
  ) {}

  /**
   * The error as it may be shown. An AppError stays as it is and Nest's own are mapped to the catalogue; anything else
   * becomes `internal` with a fresh error_id, under which it is logged, with its stack, here and nowhere else.
   */
  toAppError(error: unknown): AppError {
    if (error instanceof AppError) return error;
    if (error instanceof HttpException) {
      const mapped = fromHttpException(error);
      if (mapped !== undefined) return mapped;
    }
    const errorId = this.ids.next();
    this.log.error('unexpected_error', { error_id: errorId, error });
    return new AppError('internal', 'Something went wrong on our side; the error_id finds it in our log.', {
      errorId,
      cause: error,
    });
  }
}
