import { Injectable } from '@nestjs/common';
import { Database } from '../persistence/database.js';
import type { Sql, UserScope } from '../persistence/sql.js';
import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';
import { type Role, rolesOf } from './identity.js';

/** A user who can sign in. */
export interface Account {
  readonly id: string;
  readonly tenantId: string;
  readonly email: string;
  readonly name: string | null;
  readonly roles: readonly Role[];
  readonly passwordHash: string | null;
  readonly lockedUntil: Date | null;
  readonly disabledAt: Date | null;
}

export interface NewAccount {
  /** Normalised (see emailAddress). */
  readonly email: string;
  readonly name: string | null;
  readonly passwordHash: string;
  readonly roles: readonly Role[];
}

interface AccountRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly email: string;
  readonly name: string | null;
  readonly roles: string[];
  readonly password_hash: string | null;
  readonly locked_until: Date | null;
  readonly disabled_at: Date | null;
}

const COLUMNS = 'id, tenant_id, email, name, roles, password_hash, locked_until, disabled_at';

/** The users of all tenants: what must be known before anybody is signed in. */
@Injectable()
export class Accounts {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** By normalised address; index user_account_email. */
  async byEmail(email: string, sql: Sql = this.database): Promise<Account | undefined> {
    return accountOf(await sql.row<AccountRow>(`SELECT ${COLUMNS} FROM user_account WHERE lower(email) = $1`, [email]));
  }

  async ofUser(scope: UserScope, sql: Sql = this.database): Promise<Account | undefined> {
    return accountOf(
      await sql.row<AccountRow>(`SELECT ${COLUMNS} FROM user_account WHERE id = $1 AND tenant_id = $2`, [
        scope.userId,
        scope.tenantId,
      ]),
    );
  }

  /**
   * Whether the account may still sign in with the password that was read with it. If so, its row is locked until the caller's transaction
   * ends: whoever changes the password and then ends the sessions sees those opened in it. Before any lock on sessions.
   */
  async holdPassword(sql: Sql, account: Account): Promise<boolean> {
    const held = await sql.execute(
      'SELECT 1 FROM user_account WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL FOR SHARE',
      [account.id, account.passwordHash],
    );
    return held > 0;
  }

  /** A user in a tenant of their own, inside the caller's transaction; undefined when the address is taken (then roll back). */
  async create(sql: Sql, account: NewAccount): Promise<Account | undefined> {
    const now = this.clock.now();
    const tenantId = this.ids.next();
    await sql.execute('INSERT INTO tenant (id, name, created_at) VALUES ($1, $2, $3)', [
      tenantId,
      account.name ?? account.email,
      now,
    ]);
    const row = await sql.row<AccountRow>(
      `INSERT INTO user_account (id, tenant_id, email, name, password_hash, roles, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (lower(email)) DO NOTHING RETURNING ${COLUMNS}`,
      [this.ids.next(), tenantId, account.email, account.name, account.passwordHash, account.roles, now],
    );
    return accountOf(row);
  }
}

const accountOf = (row: AccountRow | undefined): Account | undefined =>
  row && {
    id: row.id,
    tenantId: row.tenant_id,
    email: row.email,
    name: row.name,
    roles: rolesOf(row.roles),
    passwordHash: row.password_hash,
    lockedUntil: row.locked_until,
    disabledAt: row.disabled_at,
  };

/** The rows that an account may see. */
export const scopeOf = (account: Account): UserScope => ({ tenantId: account.tenantId, userId: account.id });
