import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import type { Identity } from './identity.js';

/** The Identity of whoever calls: a parameter of a handler that isn't @Open(). */
export const CurrentIdentity = createParamDecorator((_data: unknown, context: ExecutionContext): Identity => {
  const { user } = context.switchToHttp().getRequest<{ user?: Identity }>();
  if (user === undefined) throw new AppError('auth_required', 'A bearer token is required.');
  return user;
});
