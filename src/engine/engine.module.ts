import { Global, Module, Scope, type FactoryProvider, type Type } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { RunWorkspace } from '../agents/run-workspace.js';
import { UserExecutionContext } from '../context/user-execution-context.js';
import { ProviderResolver } from '../tools/provider-resolver.js';
import { ExecutionEngineFactory } from './execution-engine-factory.js';
import { RunScope } from './run-scope.js';
import { UserExecutionEngine } from './user-execution-engine.js';

/** A provider that hands out a part of the run's scope. Outside a run there is none. */
const fromScope = <Part>(
  token: Type<Part> | (abstract new () => Part),
  part: (scope: RunScope) => Part,
): FactoryProvider<Part> => ({
  provide: token,
  scope: Scope.REQUEST,
  inject: [REQUEST],
  useFactory: (scope: unknown) => {
    if (!(scope instanceof RunScope)) throw new TypeError(`${token.name} exists only inside a run`);
    return part(scope);
  },
});

/** Engines, and what request-scoped agents and tools may inject of their run. */
@Global()
@Module({
  providers: [
    ExecutionEngineFactory,
    UserExecutionEngine,
    fromScope(UserExecutionContext as unknown as Type<UserExecutionContext>, (scope) => scope.context),
    fromScope(RunWorkspace as unknown as Type<RunWorkspace>, (scope) => scope.workspace),
    fromScope(ProviderResolver, (scope) => scope.resolver),
  ],
  exports: [ExecutionEngineFactory, UserExecutionContext, RunWorkspace, ProviderResolver],
})
export class EngineModule {}
