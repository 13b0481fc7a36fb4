import { Injectable } from '@nestjs/common';
import type { Identity } from '../auth/identity.js';
import { Tickets } from '../auth/tickets.js';
import { TokenVerifier } from '../auth/token-verifier.js';
import { AppError } from '../errors/app-error.js';
import type { Credential } from './credential.js';

/** From what a client shows to who it is. */
@Injectable()
export class Authentication {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly tickets: Tickets,
  ) {}

  /** Throws the AppError that the client is refused with. */
  identify(credential: Credential): Promise<Identity> {
    switch (credential.kind) {
      case 'token':
        return this.tokens.verify(credential.token);
      case 'ticket':
        return this.tickets.redeem(credential.ticket);
      case 'refused':
        return Promise.reject(credential.error);
      case 'none':
        return Promise.reject(new AppError('auth_required', 'A token is required.'));
    }
  }
}
