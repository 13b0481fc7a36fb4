import { Injectable } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';
import { Database } from '../persistence/database.js';
import { Clock } from '../telemetry/clock.js';
import type { Account } from './accounts.js';
import { lockMs } from './lock-out.js';

interface Failures {
  readonly count: number;
  readonly lockedUntil: Date | null;
}

/** Addresses without an account that are remembered at the same time; the oldest is forgotten first. */
const UNKNOWN_MAX = 10_000;

/**
 * Counts wrong passwords and locks an address out for a time. For accounts the count is in the database, the same for all nodes; addresses
 * without an account are counted too, in memory, so that being locked out doesn't tell that there is an account.
 */
@Injectable()
export class LoginFailures {
  private readonly unknown = new Map<string, Failures>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Throws AppError rate_limited with the time left. */
  refuseWhenLocked(email: string, account: Account | undefined): void {
    this.refuseUntil(account === undefined ? this.unknown.get(email)?.lockedUntil : account.lockedUntil);
  }

  async record(email: string, account: Account | undefined): Promise<void> {
    if (account === undefined) {
      this.recordUnknown(email);
      return;
    }
    const row = await this.database.row<{ failed_logins: number }>(
      'UPDATE user_account SET failed_logins = failed_logins + 1 WHERE id = $1 RETURNING failed_logins',
      [account.id],
    );
    const lockedUntil = this.lockedUntil(row?.failed_logins ?? 0);
    if (lockedUntil === null) return;
    await this.database.execute(
      'UPDATE user_account SET locked_until = GREATEST(locked_until, $2::timestamptz) WHERE id = $1',
      [account.id, lockedUntil],
    );
  }

  /**
   * After a right password. Throws AppError rate_limited if the account was locked while it was being checked: otherwise
   * a hundred guesses sent at once would all get their chance.
   */
  async clear(account: Account): Promise<void> {
    const cleared = await this.database.execute(
      `UPDATE user_account SET failed_logins = 0, locked_until = NULL
       WHERE id = $1 AND (locked_until IS NULL OR locked_until <= $2)`,
      [account.id, this.clock.now()],
    );
    if (cleared > 0) return;
    const row = await this.database.row<{ locked_until: Date | null }>(
      'SELECT locked_until FROM user_account WHERE id = $1',
      [account.id],
    );
    this.refuseUntil(row?.locked_until);
  }

  private recordUnknown(email: string): void {
    const count = (this.unknown.get(email)?.count ?? 0) + 1;
    this.unknown.delete(email);
    this.unknown.set(email, { count, lockedUntil: this.lockedUntil(count) });
    const [oldest] = this.unknown.keys();
    if (this.unknown.size > UNKNOWN_MAX && oldest !== undefined) this.unknown.delete(oldest);
  }

  private lockedUntil(failures: number): Date | null {
    const durationMs = lockMs(failures);
    return durationMs === 0 ? null : new Date(this.clock.now().getTime() + durationMs);
  }

  private refuseUntil(lockedUntil: Date | null | undefined): void {
    const retryAfterMs = (lockedUntil?.getTime() ?? 0) - this.clock.now().getTime();
    if (retryAfterMs <= 0) return;
    throw new AppError('rate_limited', 'Too many failed sign-ins; try again later.', { retryAfterMs });
  }
}
