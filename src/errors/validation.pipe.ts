import { Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import { validationFailed } from './validation-failed.js';

/**
 * Checks bodies, queries and parameters against the schema of their decorator (`@Body({ schema })`) and hands on what the schema made of them.
 * Throws AppError validation_failed with `details.issues`.
 */
@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: validationFailed });
  }
}
