import type { RunWorkspace } from '../agents/run-workspace.js';
import type { UserExecutionContext } from '../context/user-execution-context.js';
import type { ProviderResolver } from '../tools/provider-resolver.js';

/** The "request" of a run's Nest request scope: what request-scoped providers of the run are made from. */
export class RunScope {
  constructor(
    readonly context: UserExecutionContext,
    readonly workspace: RunWorkspace,
    readonly resolver: ProviderResolver,
  ) {}
}
