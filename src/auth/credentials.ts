import { Injectable } from '@nestjs/common';
import { Accounts, type Account } from './accounts.js';
import { LoginFailures } from './login-failures.js';
import { Passwords } from './passwords.js';

/** Checks e-mail and password against the accounts, and counts what is wrong. */
@Injectable()
export class Credentials {
  constructor(
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly failures: LoginFailures,
  ) {}

  /**
   * The account, or undefined: which of the two was wrong, or that the account is disabled, is nobody's business. Takes the same time
   * for an unknown address. Throws AppError rate_limited while the address is locked.
   */
  async check(email: string, password: string): Promise<Account | undefined> {
    const account = await this.accounts.byEmail(email);
    this.failures.refuseWhenLocked(email, account);
    const matches = await this.passwords.matches(password, account?.passwordHash);
    if (account === undefined || !matches || account.disabledAt !== null) {
      await this.failures.record(email, account);
      return undefined;
    }
    await this.failures.clear(account);
    return account;
  }
}
