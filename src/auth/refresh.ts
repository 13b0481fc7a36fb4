import { Injectable } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import { Database } from '../persistence/database.js';
import type { Sql, UserScope } from '../persistence/sql.js';
import { Clock } from '../telemetry/clock.js';
import { Logger } from '../telemetry/logger.js';
import { Accounts, type Account } from './accounts.js';
import { hashOfSecret, newSecret } from './secrets.js';
import { Sessions } from './sessions.js';
import { SignIn, type SignedIn } from './sign-in.js';

interface TokenRow extends UserScope {
  readonly sessionId: string;
  readonly expiresAt: Date;
}

type Rotation =
  | { readonly kind: 'rotated'; readonly account: Account; readonly sessionId: string; readonly refreshToken: string }
  | { readonly kind: 'reused'; readonly token: TokenRow };

const TOKEN_COLUMNS =
  's.tenant_id AS "tenantId", s.user_id AS "userId", s.id AS "sessionId", t.expires_at AS "expiresAt"';

/**
 * Exchanges a refresh token for a new pair; each works once. One that comes a second time was stolen, from us or by us: nobody can tell which of
 * the two is the thief, so the whole family, which is the session, ends (RFC 9700, 4.14.2).
 */
@Injectable()
export class Refresh {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly signIn: SignIn,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Throws AppError token_invalid (unknown), token_expired, token_revoked (used before, session ended, user disabled). */
  async exchange(refreshToken: string): Promise<SignedIn> {
    const rotation = await this.database.transaction((sql) => this.rotate(sql, hashOfSecret(refreshToken)));
    if (rotation.kind === 'rotated')
      return this.signIn.answer(rotation.account, rotation.sessionId, rotation.refreshToken);
    // Outside the transaction above: the end of the session must stay although this call fails.
    await this.sessions.end(rotation.token, rotation.token.sessionId, 'refresh_reuse');
    this.logger.warn('refresh_token_reused', { user_id: rotation.token.userId, session_id: rotation.token.sessionId });
    throw revoked('The refresh token was used before; for safety the session was ended. Sign in again.');
  }

  private async rotate(sql: Sql, hash: Buffer): Promise<Rotation> {
    const now = this.clock.now();
    // Two at once: the second waits here for the first, and finds the token used.
    const token = await sql.row<TokenRow>(
      `UPDATE refresh_token t SET used_at = $2 FROM session s
       WHERE t.token_hash = $1 AND t.used_at IS NULL AND s.id = t.session_id RETURNING ${TOKEN_COLUMNS}`,
      [hash, now],
    );
    if (token === undefined) return { kind: 'reused', token: await this.usedToken(sql, hash) };
    if (token.expiresAt <= now) throw new AppError('token_expired', 'The refresh token has expired; sign in again.');
    const account = await this.accounts.ofUser(token, sql);
    const refreshToken = newSecret();
    const replaced = await this.replace(sql, token, refreshToken);
    if (!replaced || account === undefined || account.disabledAt !== null)
      throw revoked('The session was ended; sign in again.');
    return { kind: 'rotated', account, sessionId: token.sessionId, refreshToken };
  }

  private async usedToken(sql: Sql, hash: Buffer): Promise<TokenRow> {
    const token = await sql.row<TokenRow>(
      `SELECT ${TOKEN_COLUMNS} FROM refresh_token t JOIN session s ON s.id = t.session_id WHERE t.token_hash = $1`,
      [hash],
    );
    if (token === undefined) throw new AppError('token_invalid', 'The refresh token is not valid.');
    return token;
  }

  /** The session lives on for as long as its newest refresh token; used ones are kept to that time, to be recognised. */
  private async replace(sql: Sql, token: TokenRow, refreshToken: string): Promise<boolean> {
    const now = this.clock.now();
    const expiresAt = this.signIn.refreshExpiry(now);
    const live = await sql.execute(
      'UPDATE session SET last_used_at = $2, expires_at = $3 WHERE id = $1 AND revoked_at IS NULL',
      [token.sessionId, now, expiresAt],
    );
    await sql.execute('DELETE FROM refresh_token WHERE session_id = $1 AND expires_at < $2', [token.sessionId, now]);
    await sql.execute(
      'INSERT INTO refresh_token (token_hash, session_id, created_at, expires_at) VALUES ($1, $2, $3, $4)',
      [hashOfSecret(refreshToken), token.sessionId, now, expiresAt],
    );
    return live === 1;
  }
}

const revoked = (message: string): AppError => new AppError('token_revoked', message);
