import { UnifiedWebSocketEmitter } from './unified-websocket-emitter.js';

/** What the start-up check found about one implementation. */
export interface InterfaceReport {
  readonly hasCreateUserEmitter: boolean;
  readonly hasCreateAuthEmitter: boolean;
  /** The methods take as many parameters as the interface says. */
  readonly signatureCompatible: boolean;
  readonly protocolCompliant: boolean;
}

export type InterfaceReports = Readonly<Record<string, InterfaceReport>>;

/** The methods that every emitter has. */
const EMITTER_METHODS = [
  'emitAgentStarted',
  'emitAgentThinking',
  'emitToolExecuting',
  'emitToolCompleted',
  'emitAgentCompleted',
  'emitEvent',
] as const;

/**
 * Looks at every emitter factory at start-up: factories must have createUserEmitter(source), the emitter class
 * createUserEmitter(manager, userContext) and createAuthEmitter(manager, userId, userContext?). Decides nothing.
 */
export function validateWebSocketInterfaces(
  factories: readonly object[],
  emitterClass: object = UnifiedWebSocketEmitter,
): InterfaceReports {
  const reports: Record<string, InterfaceReport> = { [nameOf(emitterClass)]: reportOnClass(emitterClass) };
  for (const factory of factories) reports[factory.constructor.name] = reportOnFactory(factory);
  return reports;
}

/** The names of the implementations that do not comply. */
export const nonCompliant = (reports: InterfaceReports): string[] =>
  Object.entries(reports)
    .filter(([, report]) => !report.protocolCompliant)
    .map(([name]) => name);

function reportOnClass(emitterClass: object): InterfaceReport {
  const user = method(emitterClass, 'createUserEmitter');
  const auth = method(emitterClass, 'createAuthEmitter');
  const prototype: unknown = 'prototype' in emitterClass ? emitterClass.prototype : undefined;
  const emits =
    typeof prototype === 'object' &&
    prototype !== null &&
    EMITTER_METHODS.every((name) => method(prototype, name) !== undefined);
  const signatureCompatible = user?.length === 2 && (auth?.length === 2 || auth?.length === 3);
  return {
    hasCreateUserEmitter: user !== undefined,
    hasCreateAuthEmitter: auth !== undefined,
    signatureCompatible,
    protocolCompliant: signatureCompatible && emits,
  };
}

/** A factory needs no createAuthEmitter: that is the class's. */
function reportOnFactory(factory: object): InterfaceReport {
  const user = method(factory, 'createUserEmitter');
  const signatureCompatible = user?.length === 1;
  return {
    hasCreateUserEmitter: user !== undefined,
    hasCreateAuthEmitter: method(factory, 'createAuthEmitter') !== undefined,
    signatureCompatible,
    protocolCompliant: signatureCompatible,
  };
}

function method(owner: object, name: string): ((...parameters: never[]) => unknown) | undefined {
  const value: unknown = Reflect.get(owner, name);
  return typeof value === 'function' ? (value as (...parameters: never[]) => unknown) : undefined;
}

const nameOf = (owner: object): string => ('name' in owner && typeof owner.name === 'string' ? owner.name : 'emitter');
