import type { Type } from '@nestjs/common';

/** Which provider and which of its methods. The id is Nest's own of the provider: with it the host is found without a search. */
export interface InvocationTarget {
  readonly id: string;
  readonly method: string;
}

/** Makes providers in the scope of one run. The engine factory, the only user of ModuleRef, implements it. */
export abstract class ProviderResolver {
  abstract resolve<Instance extends object>(type: Type<Instance>): Promise<Instance>;
  /** Calls a method through Nest's guards, pipes and interceptors in the scope of the run. */
  abstract invoke<Result>(instance: object, target: InvocationTarget, parameters: readonly unknown[]): Promise<Result>;
}
