import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { AccessGuard } from './access.guard.js';
import { AccessStrategy } from './access.strategy.js';
import { AccessTokens } from './access-tokens.js';
import { AccountController } from './account.controller.js';
import { Accounts } from './accounts.js';
import { AdminAccount } from './admin-account.js';
import { AuditTrail } from './audit-trail.js';
import { CallerAddresses } from './caller-addresses.js';
import { Credentials } from './credentials.js';
import { HttpCaller } from './http-caller.js';
import { KeySetController } from './key-set.controller.js';
import { LoginFailures } from './login-failures.js';
import { PasswordChange } from './password-change.js';
import { PasswordSignIn } from './password-sign-in.js';
import { Passwords } from './passwords.js';
import { Preferences } from './preferences.js';
import { PreferencesController } from './preferences.controller.js';
import { Refresh } from './refresh.js';
import { Registration } from './registration.js';
import { RevocationFeed } from './revocation-feed.js';
import { Revocations } from './revocations.js';
import { SessionCache } from './session-cache.js';
import { SessionRecovery } from './session-recovery.js';
import { SessionRegistry } from './session-registry.js';
import { Sessions } from './sessions.js';
import { SessionsController } from './sessions.controller.js';
import { SignIn } from './sign-in.js';
import { SignInController } from './sign-in.controller.js';
import { SigningKey } from './signing-key.js';
import { Tickets } from './tickets.js';
import { TokenVerifier } from './token-verifier.js';

/** Users, sessions, tokens, and the guard before every REST route. */
@Module({
  imports: [PassportModule],
  controllers: [SignInController, AccountController, SessionsController, PreferencesController, KeySetController],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    AccessStrategy,
    AccessTokens,
    Accounts,
    AdminAccount,
    AuditTrail,
    CallerAddresses,
    Credentials,
    HttpCaller,
    LoginFailures,
    PasswordChange,
    PasswordSignIn,
    Passwords,
    Preferences,
    Refresh,
    Registration,
    RevocationFeed,
    Revocations,
    SessionCache,
    SessionRecovery,
    SessionRegistry,
    Sessions,
    SignIn,
    SigningKey,
    Tickets,
    TokenVerifier,
  ],
  exports: [
    AccessTokens,
    Accounts,
    AdminAccount,
    AuditTrail,
    CallerAddresses,
    HttpCaller,
    Passwords,
    Preferences,
    Revocations,
    SessionRecovery,
    SessionRegistry,
    Sessions,
    SignIn,
    Tickets,
    TokenVerifier,
  ],
})
export class AuthModule {}
