import type { ErrorCode } from './error-catalogue.js';

/** An error in a frame, and under `error` in REST answers. */
export interface WireError {
  code: ErrorCode;
  message: string;
  /** The same request may be sent again, unchanged. False for what works only with a new token. */
  retryable: boolean;
  retry_after_ms?: number;
  /** Finds the error report. */
  error_id?: string;
  details?: Record<string, unknown>;
}

export interface ErrorFrame extends WireError {
  type: 'error';
  /** `id` of the frame that caused it. */
  in_reply_to?: string;
}
