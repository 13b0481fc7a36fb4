import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppError } from '../errors/app-error.js';
import { bearerToken } from './bearer-token.js';
import type { Identity } from './identity.js';
import { Tickets } from './tickets.js';
import { TokenVerifier } from './token-verifier.js';

const TOKEN_PARAMETERS = ['token', 'access_token'];

/** Finds out who sends an HTTP request. */
@Injectable()
export class HttpCaller {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly tickets: Tickets,
  ) {}

  /**
   * By bearer token or, where the route accepts one, by `?ticket=`. Throws AppError auth_required (nothing there), token_in_query, and what
   * TokenVerifier and Tickets throw.
   */
  async identify(request: Request, acceptsTicket: boolean): Promise<Identity> {
    if (TOKEN_PARAMETERS.some((name) => request.query[name] !== undefined)) {
      throw new AppError('token_in_query', 'A token in a URL ends up in logs; send it as Authorization: Bearer.');
    }
    const token = bearerToken(request.headers.authorization);
    if (token !== undefined) return this.verifier.verify(token);
    const { ticket } = request.query;
    if (acceptsTicket && typeof ticket === 'string') return this.tickets.redeem(ticket);
    throw new AppError('auth_required', 'A bearer token is required.');
  }
}
