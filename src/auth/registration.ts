import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { fieldRefused } from '../errors/validation-failed.js';
import { Database } from '../persistence/database.js';
import { Accounts } from './accounts.js';
import { requireGoodPassword } from './password-policy.js';
import { Passwords } from './passwords.js';
import { SignIn, type SignedIn } from './sign-in.js';

export interface NewUser {
  /** Normalised (see emailAddress). */
  readonly email: string;
  readonly password: string;
  readonly name?: string | undefined;
}

const REFUSALS = {
  open: undefined,
  invite: 'Registration is by invitation only.',
  closed: 'Registration is closed.',
} as const;

/** Makes a user, in a tenant of their own, whose admin they are. */
@Injectable()
export class Registration {
  constructor(
    private readonly configuration: Configuration,
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly signIn: SignIn,
  ) {}

  /** Throws AppError forbidden (AUTH_REGISTRATION) or validation_failed (password too weak, address taken). */
  async register(user: NewUser, userAgent: string | undefined): Promise<SignedIn> {
    const refusal = REFUSALS[this.configuration.registration];
    if (refusal !== undefined) throw new AppError('forbidden', refusal);
    requireGoodPassword('password', user.password, user.email);
    if ((await this.accounts.byEmail(user.email)) !== undefined) throw taken();
    const passwordHash = await this.passwords.hash(user.password);
    return this.database.transaction(async (sql) => {
      const account = await this.accounts.create(sql, {
        email: user.email,
        name: user.name ?? null,
        passwordHash,
        roles: ['user', 'tenant_admin'],
      });
      // Somebody was quicker with the same address.
      if (account === undefined) throw taken();
      return this.signIn.open(sql, account, userAgent);
    });
  }
}

const taken = (): AppError => fieldRefused('email', 'is taken');
