import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import Strategy from 'passport-custom';
import type { Identity } from './identity.js';

export const ACCESS_STRATEGY = 'access';

/** What the guard hands to passport, and passport to the strategy. */
export interface AccessOptions {
  readonly identify: (request: Request) => Promise<Identity>;
}

/**
 * Our door in passport. passport knows one strategy of a name in a process, while several applications may run in it (tests of two nodes do),
 * so the strategy holds nothing: who verifies comes along with the call.
 */
@Injectable()
export class AccessStrategy extends PassportStrategy(Strategy, ACCESS_STRATEGY) {
  constructor() {
    super({ passOptionsToCallback: true });
  }

  override validate(request: Request, options: AccessOptions): Promise<Identity> {
    return options.identify(request);
  }
}
