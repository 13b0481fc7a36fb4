import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { ConfigurationError } from '../config/configuration-error.js';
import { Database } from '../persistence/database.js';
import { Logger } from '../telemetry/logger.js';
import { Accounts, scopeOf, type Account } from './accounts.js';
import { AuditTrail } from './audit-trail.js';
import { normalisedEmail } from './email-address.js';
import { passwordProblem } from './password-policy.js';
import { Passwords } from './passwords.js';
import { Sessions } from './sessions.js';

/** The platform admin of ADMIN_EMAIL and ADMIN_PASSWORD. */
@Injectable()
export class AdminAccount {
  constructor(
    private readonly configuration: Configuration,
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
    private readonly audit: AuditTrail,
    private readonly logger: Logger,
  ) {}

  /** Called at start, after the migrations; repeating it, on several replicas at once too, changes nothing. Throws ConfigurationError. */
  async ensure(): Promise<void> {
    const { admin } = this.configuration;
    if (admin === undefined) return;
    const email = normalisedEmail(admin.email);
    const problem = passwordProblem(admin.password, email);
    if (problem !== undefined) throw new ConfigurationError([`ADMIN_PASSWORD: ${problem}`]);
    const existing = await this.accounts.byEmail(email);
    if (existing === undefined) await this.create(email, admin.password);
    else if (!existing.roles.includes('platform_admin')) await this.promote(existing, admin.password);
  }

  private async create(email: string, password: string): Promise<void> {
    const passwordHash = await this.passwords.hash(password);
    await this.database
      .transaction(async (sql) => {
        const account = await this.accounts.create(sql, {
          email,
          name: null,
          passwordHash,
          roles: ['user', 'tenant_admin', 'platform_admin'],
        });
        if (account === undefined) throw new AlreadyThere();
        this.logger.info('admin_account_created', { user_id: account.id });
      })
      .catch((error: unknown) => {
        if (!(error instanceof AlreadyThere)) throw error;
      });
  }

  /**
   * The address was registered before it was made the admin's, by whoever: the rights go to who knows ADMIN_PASSWORD, and
   * all sessions end. Once admin, the account keeps the password that its owner chooses.
   */
  private async promote(account: Account, password: string): Promise<void> {
    const passwordHash = await this.passwords.hash(password);
    const ended = await this.database.transaction(async (sql) => {
      await sql.execute(
        `UPDATE user_account SET roles = array_append(roles, 'platform_admin'), password_hash = $2 WHERE id = $1 AND NOT 'platform_admin' = ANY (roles)`,
        [account.id, passwordHash],
      );
      const target = { kind: 'user', id: account.id };
      await this.audit.record({ actor: null, action: 'admin_account_promoted', target }, sql);
      return this.sessions.endAllIn(sql, { scope: scopeOf(account), reason: 'admin_password_set' });
    });
    this.sessions.announce(ended);
    this.logger.warn('admin_account_promoted', { user_id: account.id });
  }
}

/** Another replica created the account in the same moment: its tenant stays, ours is rolled back. */
class AlreadyThere extends Error {}
