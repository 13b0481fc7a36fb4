import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { WireError } from '@goldenpath/protocol';
import type { Response } from 'express';
import type { AppError } from './app-error.js';
import { UnexpectedErrors } from './unexpected-errors.js';

/** The body of every REST answer that is not a success. */
export interface ErrorBody {
  readonly error: WireError;
}

/** Every error of a REST call ends here: status of the catalogue, body `{error: WireError}`, Retry-After where a time is known. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly unexpected: UnexpectedErrors) {}

  catch(error: unknown, host: ArgumentsHost): void {
    // Agents and tools run through Nest's external contexts, where global filters apply too: their errors are not ours to answer.
    if (host.getType() !== 'http') throw error;
    const shown = this.unexpected.toAppError(error);
    const response = host.switchToHttp().getResponse<Response>();
    // A stream that broke off in the middle: whoever reads it must see that it is not complete.
    if (response.headersSent) response.destroy();
    else answer(response, shown);
  }
}

function answer(response: Response, error: AppError): void {
  if (error.retryAfterMs !== undefined) response.setHeader('Retry-After', Math.ceil(error.retryAfterMs / 1000));
  if (error.httpStatus === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  response.status(error.httpStatus).json({ error: error.toWire() } satisfies ErrorBody);
}
