import type { Type } from '@nestjs/common';
import type { ContextId, ExternalContextCreator, ModuleRef } from '@nestjs/core';
import { ProviderResolver, type InvocationTarget } from '../tools/provider-resolver.js';

/** What guards and interceptors see as the type of an execution context that is neither HTTP nor WebSocket. */
const CONTEXT_TYPE = 'run';

/** Makes and calls providers in the scope of one run, with Nest's guards, pipes and interceptors around the call. */
export class NestProviderResolver extends ProviderResolver {
  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly external: ExternalContextCreator,
    private readonly contextId: ContextId,
  ) {
    super();
  }

  resolve<Instance extends object>(type: Type<Instance>): Promise<Instance> {
    return this.moduleRef.resolve(type, this.contextId, { strict: false });
  }

  async invoke<Result>(instance: object, target: InvocationTarget, parameters: readonly unknown[]): Promise<Result> {
    const method: unknown = Reflect.get(instance, target.method);
    if (typeof method !== 'function')
      throw new TypeError(`${instance.constructor.name} has no method ${target.method}`);
    const call = this.external.create(
      instance,
      method as (...parameters: unknown[]) => unknown,
      target.method,
      undefined,
      undefined,
      this.contextId,
      target.id,
      { guards: true, interceptors: true, filters: false },
      CONTEXT_TYPE,
    );
    // The interceptor around the method decides the type; the caller knows which one it is.
    return (await call(...parameters)) as Result;
  }
}
