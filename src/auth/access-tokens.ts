import { Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { Configuration } from '../config/configuration.js';
import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';
import { type Account } from './accounts.js';
import { SigningKey } from './signing-key.js';

/** What the header and claims of our tokens say; TokenVerifier insists on it. `typ` is RFC 9068's. */
export const ACCESS_TOKEN = { type: 'at+jwt', issuer: 'goldenpath', audience: 'goldenpath-api' } as const;

/** A token must not be refused by a replica whose clock is a little behind. */
const CLOCK_SKEW_S = 10;

/** Signs access tokens: sub (user), tid (tenant), sid (session), roles. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly configuration: Configuration,
    private readonly signingKey: SigningKey,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Seconds that a token lives. */
  get lifeS(): number {
    return this.configuration.accessTokenTtlS;
  }

  async sign(account: Account, sessionId: string): Promise<string> {
    const { algorithm, keyId, privateKey } = this.signingKey.current();
    const nowS = Math.floor(this.clock.now().getTime() / 1000);
    return new SignJWT({ tid: account.tenantId, sid: sessionId, roles: [...account.roles] })
      .setProtectedHeader({ alg: algorithm, kid: keyId, typ: ACCESS_TOKEN.type })
      .setIssuer(ACCESS_TOKEN.issuer)
      .setAudience(ACCESS_TOKEN.audience)
      .setSubject(account.id)
      .setJti(this.ids.next())
      .setIssuedAt(nowS)
      .setNotBefore(nowS - CLOCK_SKEW_S)
      .setExpirationTime(nowS + this.lifeS)
      .sign(privateKey);
  }
}
