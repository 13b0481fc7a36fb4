import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppError } from '../errors/app-error.js';

/** Refuses a body that isn't declared as JSON. A form of another site could send one without asking; JSON it can't (CORS). */
@Injectable()
export class JsonBodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    // Whether there is a body at all is for the schema to say; many clients announce one of length 0.
    const empty = request.headers['content-length'] === '0';
    if (!empty && request.is('application/json') === false) {
      throw new AppError('validation_failed', 'The body must be JSON, with Content-Type: application/json.');
    }
    return true;
  }
}
