import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { Clock } from '../telemetry/clock.js';
import { AddressLimit } from './address-limit.js';
import { addressKey, isLoopback } from './client-address.js';

/** Bounds how often one address may register, log in and refresh: AUTH_ATTEMPTS_PER_MINUTE_PER_ADDRESS, all together. */
@Injectable()
export class AuthRateLimitGuard implements CanActivate {
  private readonly limit: AddressLimit;
  private readonly exemptLoopback: boolean;

  constructor({ limits }: Configuration, clock: Clock) {
    this.limit = new AddressLimit(limits.authAttemptsPerMinutePerAddress, clock);
    this.exemptLoopback = limits.exemptLoopback;
  }

  canActivate(context: ExecutionContext): boolean {
    const { ip } = context.switchToHttp().getRequest<Request>();
    if (this.exemptLoopback && isLoopback(ip)) return true;
    const retryAfterMs = this.limit.take(addressKey(ip));
    if (retryAfterMs > 0)
      throw new AppError('rate_limited', 'Too many attempts from this address; try again later.', { retryAfterMs });
    return true;
  }
}
