import { Injectable } from '@nestjs/common';
import { ContextIdFactory, ExternalContextCreator, ModuleRef } from '@nestjs/core';
import { RunWorkspace, type WorkspaceFields } from '../agents/run-workspace.js';
import { AppError } from '../errors/app-error.js';
import { NestProviderResolver } from './nest-provider-resolver.js';
import { RunScope } from './run-scope.js';
import { UserExecutionEngine } from './user-execution-engine.js';

/** Makes the engine of each attempt in a Nest request scope of its own. The only place that uses ModuleRef. */
@Injectable()
export class ExecutionEngineFactory {
  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly external: ExternalContextCreator,
  ) {}

  /**
   * Throws engine_init_failed when the context is invalid or something in the scope can't be made, and service_unavailable or
   * model_unavailable where a dependency of an agent said so: then it is not ready yet.
   */
  async create(fields: WorkspaceFields): Promise<UserExecutionEngine> {
    const contextId = ContextIdFactory.create();
    const resolver = new NestProviderResolver(this.moduleRef, this.external, contextId);
    this.moduleRef.registerRequestByContextId(
      new RunScope(fields.context, new RunWorkspace(fields), resolver),
      contextId,
    );
    try {
      const engine = await resolver.resolve(UserExecutionEngine);
      await engine.prepare();
      return engine;
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new AppError('engine_init_failed', 'The engine of the run could not be made.', { cause: error });
    }
  }
}
