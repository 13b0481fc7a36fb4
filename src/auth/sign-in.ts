import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import type { Sql } from '../persistence/sql.js';
import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';
import { AccessTokens } from './access-tokens.js';
import type { Account } from './accounts.js';
import { hashOfSecret, newSecret } from './secrets.js';

/** What whoever signs in gets. */
export interface SignedIn {
  readonly account: Account;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInS: number;
}

const USER_AGENT_LENGTH_MAX = 200;

/** Opens a session for somebody who has shown who they are: session, first refresh token, access token. */
@Injectable()
export class SignIn {
  constructor(
    private readonly configuration: Configuration,
    private readonly accessTokens: AccessTokens,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async open(sql: Sql, account: Account, userAgent: string | undefined): Promise<SignedIn> {
    const sessionId = this.ids.next();
    const refreshToken = newSecret();
    const now = this.clock.now();
    await sql.execute(
      `WITH opened AS (
         INSERT INTO session (id, tenant_id, user_id, user_agent, created_at, last_used_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING id)
       INSERT INTO refresh_token (token_hash, session_id, created_at, expires_at) SELECT $7, id, $5, $6 FROM opened`,
      [
        sessionId,
        account.tenantId,
        account.id,
        userAgent?.slice(0, USER_AGENT_LENGTH_MAX),
        now,
        this.refreshExpiry(now),
        hashOfSecret(refreshToken),
      ],
    );
    return this.answer(account, sessionId, refreshToken);
  }

  async answer(account: Account, sessionId: string, refreshToken: string): Promise<SignedIn> {
    const accessToken = await this.accessTokens.sign(account, sessionId);
    return { account, accessToken, refreshToken, expiresInS: this.accessTokens.lifeS };
  }

  refreshExpiry(now: Date): Date {
    return new Date(now.getTime() + this.configuration.refreshTokenTtlS * 1000);
  }
}
