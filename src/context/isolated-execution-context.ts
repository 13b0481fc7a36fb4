import { Clock } from '../telemetry/clock.js';
import { Ids } from '../telemetry/ids.js';
import { UserExecutionContext } from './user-execution-context.js';

/** What a test says about the context that it needs; everything else is made. */
export interface IsolatedContextFields {
  readonly userId: string;
  readonly threadId: string;
  readonly tenantId?: string;
  readonly runId?: string;
  /** Another name of connectionId, which wins where both are given. */
  readonly websocketClientId?: string;
  /** Default `conn_<user>_<thread>`. */
  readonly connectionId?: string;
}

/** A context that shares nothing with any other one: the test kit's, for tests of agents and tools. Throws engine_init_failed. */
export function createIsolatedExecutionContext(fields: IsolatedContextFields): UserExecutionContext {
  const ids = new Ids();
  const { userId, threadId, tenantId = ids.next(), runId = ids.next() } = fields;
  return new UserExecutionContext({
    ...{ userId, threadId, tenantId, runId },
    connectionId: fields.connectionId ?? fields.websocketClientId ?? `conn_${userId}_${threadId}`,
    requestId: ids.next(),
    sessionId: ids.next(),
    createdAt: new Clock().now(),
    agentPath: ['supervisor'],
  });
}
