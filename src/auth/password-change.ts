import { Injectable } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import { fieldRefused } from '../errors/validation-failed.js';
import { Database } from '../persistence/database.js';
import { Accounts, scopeOf } from './accounts.js';
import { AuditTrail } from './audit-trail.js';
import { Credentials } from './credentials.js';
import type { Identity } from './identity.js';
import { requireGoodPassword } from './password-policy.js';
import { Passwords } from './passwords.js';
import { Sessions } from './sessions.js';

export interface PasswordPair {
  readonly current: string;
  readonly next: string;
}

/** Changes the password of somebody who knows the old one, and signs them out everywhere else. */
@Injectable()
export class PasswordChange {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly credentials: Credentials,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
    private readonly audit: AuditTrail,
  ) {}

  /** Throws AppError forbidden (current one wrong), rate_limited (too often), validation_failed (new one too weak). */
  async change(identity: Identity, { current, next }: PasswordPair): Promise<void> {
    const email = (await this.accounts.ofUser(identity))?.email ?? '';
    const account = await this.credentials.check(email, current);
    if (account === undefined) throw currentIsWrong();
    if (next === current) throw fieldRefused('new_password', 'must differ from the current one');
    requireGoodPassword('new_password', next, email);
    const hash = await this.passwords.hash(next);
    const ended = await this.database.transaction(async (sql) => {
      const changed = await sql.execute(
        'UPDATE user_account SET password_hash = $3 WHERE id = $1 AND password_hash = $2',
        [account.id, account.passwordHash, hash],
      );
      // Somebody was quicker with the same one.
      if (changed === 0) throw currentIsWrong();
      await this.audit.record(
        { actor: identity, action: 'password_changed', target: { kind: 'user', id: account.id } },
        sql,
      );
      return this.sessions.endAllIn(sql, {
        scope: scopeOf(account),
        reason: 'password_changed',
        except: identity.sessionId,
      });
    });
    this.sessions.announce(ended);
  }
}

const currentIsWrong = (): AppError => new AppError('forbidden', 'The current password is wrong.');
