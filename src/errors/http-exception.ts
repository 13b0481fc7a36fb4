import type { HttpException } from '@nestjs/common';
import type { ErrorCode } from '@goldenpath/protocol';
import { AppError } from './app-error.js';

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'auth_required',
  403: 'forbidden',
  404: 'not_found',
  405: 'not_found',
  409: 'invalid_state',
  413: 'message_too_large',
  429: 'rate_limited',
  503: 'service_unavailable',
};

/** Messages of our own: those of body parsers quote the body, which may hold a password. */
const MESSAGE_OF_CODE: Partial<Record<ErrorCode, string>> = {
  auth_required: 'A bearer token is required.',
  forbidden: 'You may not do this.',
  not_found: 'There is no such route.',
  invalid_state: 'This is not possible now.',
  invalid_json: 'The body is not valid JSON.',
  message_too_large: 'The body is too large.',
  rate_limited: 'Too many requests; try again later.',
  service_unavailable: 'The service is not available now; try again later.',
};

/**
 * An exception of Nest or its body parsers in the words of the catalogue; undefined for a fault of the server (5xx other than 503).
 * body-parser: https://github.com/expressjs/body-parser#errors
 */
export function fromHttpException(exception: HttpException): AppError | undefined {
  const status = exception.getStatus();
  if (status >= 500 && status !== 503) return undefined;
  const code = parserErrorType(exception) === 'entity.parse.failed' ? 'invalid_json' : codeOf(status);
  const message =
    MESSAGE_OF_CODE[code] ?? (status === 415 ? 'The content type is not supported.' : 'The request is not valid.');
  return new AppError(code, message, { cause: exception });
}

const codeOf = (status: number): ErrorCode => CODE_OF_STATUS[status] ?? 'validation_failed';

function parserErrorType(exception: HttpException): unknown {
  const cause: unknown = exception.cause;
  return typeof cause === 'object' && cause !== null && 'type' in cause ? cause.type : undefined;
}
