import { Injectable, Scope } from '@nestjs/common';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import { OncePerScope } from './once-per-scope.js';
import { coveredDays, observedDays, usageDays, type ObservedDays, type UsageDay } from './usage-days.js';
import type { UsageScope } from './usage-scope.js';

/**
 * The days of usage, read once in a run: what looks for unusual days, what looks ahead and what draws them see the same figures. It lives in the
 * scope of the run, so nothing of it is seen by another.
 */
@Injectable({ scope: Scope.REQUEST })
export class RunDays {
  private readonly all: OncePerScope<UsageDay[]>;

  constructor({ tenantId }: UserExecutionContext, database: Database) {
    this.all = new OncePerScope((scope, signal) => usageDays(database.within(signal, 'groups'), tenantId, scope));
  }

  /** Spend by day, oldest first. */
  async observed(scope: UsageScope, signal: AbortSignal): Promise<ObservedDays> {
    return observedDays(await this.all.in(scope, signal));
  }

  /** How many days usage covers. */
  async covered(scope: UsageScope, signal: AbortSignal): Promise<number> {
    return coveredDays(await this.all.in(scope, signal));
  }
}
