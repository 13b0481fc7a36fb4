import { Reflector } from '@nestjs/core';

/** A route that takes `?ticket=` (from POST /api/auth/ws-ticket) besides a bearer token: for EventSource, which can't set headers. */
export const TicketRoute = Reflector.createDecorator<true>();
export const AcceptsTicket = () => TicketRoute(true);
