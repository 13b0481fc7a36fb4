import type { AuthenticatedFrame, AuthenticateFrame } from '@goldenpath/protocol';
import { Injectable } from '@nestjs/common';
import { TokenVerifier } from '../auth/token-verifier.js';
import { AppError } from '../errors/app-error.js';
import type { Caller } from './caller.js';
import type { FrameHandler } from './frame-handler.js';

/** A new token on a live connection, before the old one expires. Another user's changes nothing; an invalid one ends the connection, as its error says. */
@Injectable()
export class AuthenticateHandler implements FrameHandler<'authenticate'> {
  constructor(private readonly tokens: TokenVerifier) {}

  async handle(frame: AuthenticateFrame, caller: Caller): Promise<AuthenticatedFrame> {
    const identity = await this.tokens.verify(frame.token);
    if (identity.userId !== caller.identity.userId || identity.tenantId !== caller.identity.tenantId) {
      throw new AppError('user_mismatch', 'The token belongs to another user than this connection.');
    }
    caller.renew(identity);
    return { type: 'authenticated', expires_at: identity.expiresAt.toISOString() };
  }
}
