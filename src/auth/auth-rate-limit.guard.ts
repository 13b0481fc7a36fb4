import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { Clock } from '../telemetry/clock.js';
import { AddressLimit } from './address-limit.js';
import { CallerAddresses } from './caller-addresses.js';

/** Bounds how often one address may register, log in and refresh: AUTH_ATTEMPTS_PER_MINUTE_PER_ADDRESS, all together. */
@Injectable()
export class AuthRateLimitGuard implements CanActivate {
  private readonly limit: AddressLimit;

  constructor(
    private readonly addresses: CallerAddresses,
    { limits }: Configuration,
    clock: Clock,
  ) {
    this.limit = new AddressLimit(limits.authAttemptsPerMinutePerAddress, clock);
  }

  canActivate(context: ExecutionContext): boolean {
    const key = this.addresses.limitKey(context.switchToHttp().getRequest<Request>());
    if (key === undefined) return true;
    const retryAfterMs = this.limit.take(key);
    if (retryAfterMs > 0)
      throw new AppError('rate_limited', 'Too many attempts from this address; try again later.', { retryAfterMs });
    return true;
  }
}
