import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, type AuthGuardAuthenticateOptions } from '@nestjs/passport';
import type { Request } from 'express';
import { AppError } from '../errors/app-error.js';
import { TicketRoute } from './accepts-ticket.decorator.js';
import { ACCESS_STRATEGY, type AccessOptions } from './access.strategy.js';
import { HttpCaller } from './http-caller.js';
import type { Identity } from './identity.js';
import { OpenRoute } from './open.decorator.js';
import { AllowedRoles } from './roles.decorator.js';

/** Before every REST handler: a token, unless the route is @Open(), and the rights of @Roles(). Closed is the default. */
@Injectable()
export class AccessGuard extends AuthGuard(ACCESS_STRATEGY) {
  constructor(
    private readonly reflector: Reflector,
    private readonly caller: HttpCaller,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    // Global guards also apply to gateways, and to agents and tools: those have their own doors.
    if (context.getType() !== 'http' || this.find(OpenRoute, context) === true) return true;
    await super.canActivate(context);
    this.requireRole(context);
    return true;
  }

  override getAuthenticateOptions(context: ExecutionContext): AuthGuardAuthenticateOptions & AccessOptions {
    const acceptsTicket = this.find(TicketRoute, context) === true;
    return { session: false, identify: (request: Request) => this.caller.identify(request, acceptsTicket) };
  }

  private requireRole(context: ExecutionContext): void {
    const allowed = this.find(AllowedRoles, context);
    if (allowed === undefined) return;
    const { user } = context.switchToHttp().getRequest<{ user?: Identity }>();
    if (user?.roles.some((role) => allowed.includes(role)) !== true)
      throw new AppError('forbidden', 'You may not do this.');
  }

  private find<Value>(
    decorator: ReturnType<typeof Reflector.createDecorator<Value>>,
    context: ExecutionContext,
  ): Value | undefined {
    return this.reflector.getAllAndOverride(decorator, [context.getHandler(), context.getClass()]);
  }
}
