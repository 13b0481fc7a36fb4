import { Injectable } from '@nestjs/common';
import { Database } from '../persistence/database.js';
import { Accounts } from './accounts.js';
import { Credentials } from './credentials.js';
import { SignIn, type SignedIn } from './sign-in.js';

/** Signs in whoever knows the password of an account. */
@Injectable()
export class PasswordSignIn {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly credentials: Credentials,
    private readonly signIn: SignIn,
  ) {}

  /** Undefined when e-mail or password is wrong, or the account disabled. Throws AppError rate_limited. */
  async open(email: string, password: string, userAgent: string | undefined): Promise<SignedIn | undefined> {
    const account = await this.credentials.check(email, password);
    if (account === undefined) return undefined;
    return this.database.transaction(async (sql) => {
      // Checking takes its time: a change that was committed meanwhile has ended all sessions, and this one would outlive it.
      const holds = await this.accounts.holdPassword(sql, account);
      return holds ? this.signIn.open(sql, account, userAgent) : undefined;
    });
  }
}
