import { AppError } from '../errors/app-error.js';
import type { UserScope } from '../persistence/sql.js';
import type { JsonObject } from './json.js';
import { DEFAULT_PREFERENCES, type UserPreferences } from './user-preferences.js';

/** What a UserExecutionContext is made of. */
export interface ExecutionContextFields {
  readonly userId: string;
  readonly tenantId: string;
  readonly threadId: string;
  readonly runId: string;
  readonly requestId: string;
  readonly sessionId: string;
  /** The socket that asked, where one did (seeds: websocket_client_id). A run outlives it. */
  readonly connectionId?: string | undefined;
  /** Which attempt at the run it is: the fence of what it writes. */
  readonly epoch?: number | undefined;
  readonly createdAt: Date;
  readonly parent?: UserExecutionContext | undefined;
  readonly agentPath?: readonly string[] | undefined;
  readonly metadata?: JsonObject | undefined;
  /** Of the user; default: what users have who never chose. */
  readonly preferences?: UserPreferences | undefined;
}

export const DEPTH_MAX = 10;

/** Ids that other systems put where an id is missing. Two users with such an id would be one. */
const PLACEHOLDERS = new Set([
  '',
  'default',
  'registry',
  'placeholder',
  'none',
  'null',
  'undefined',
  'unknown',
  'temp',
  'test',
  'anonymous',
  'system',
  'user',
  'example',
  'string',
  '0',
]);
const ID_LENGTH_MAX = 200;

/**
 * On whose behalf something runs: immutable, validated once, handed to everything that touches a user's data.
 * Throws AppError engine_init_failed when an id is missing or a placeholder, or when agents nest deeper than DEPTH_MAX.
 */
export class UserExecutionContext implements UserScope {
  readonly userId: string;
  readonly tenantId: string;
  readonly threadId: string;
  readonly runId: string;
  readonly requestId: string;
  readonly sessionId: string;
  readonly connectionId: string | undefined;
  readonly epoch: number | undefined;
  readonly createdAt: Date;
  readonly parent: UserExecutionContext | undefined;
  readonly agentPath: readonly string[];
  readonly metadata: JsonObject;
  readonly preferences: UserPreferences;
  readonly depth: number;

  constructor(fields: ExecutionContextFields) {
    this.userId = requireId('userId', fields.userId);
    this.tenantId = requireId('tenantId', fields.tenantId);
    this.threadId = requireId('threadId', fields.threadId);
    this.runId = requireId('runId', fields.runId);
    this.requestId = requireId('requestId', fields.requestId);
    this.sessionId = requireId('sessionId', fields.sessionId);
    this.connectionId = fields.connectionId === undefined ? undefined : requireId('connectionId', fields.connectionId);
    this.epoch = fields.epoch;
    this.createdAt = new Date(fields.createdAt);
    this.parent = fields.parent;
    this.agentPath = Object.freeze([...(fields.agentPath ?? [])]);
    this.metadata = Object.freeze({ ...fields.metadata });
    this.preferences = Object.freeze({ ...(fields.preferences ?? DEFAULT_PREFERENCES) });
    this.depth = fields.parent === undefined ? 0 : fields.parent.depth + 1;
    if (this.depth > DEPTH_MAX) throw refused(`agents are nested deeper than ${DEPTH_MAX}`);
    Object.freeze(this);
  }

  /** The context of an agent that this one calls: same user, thread and run, one level deeper. */
  child(agent: string): UserExecutionContext {
    const { userId, tenantId, threadId, runId, requestId, sessionId, connectionId, epoch, createdAt, metadata } = this;
    const { preferences } = this;
    const agentPath = [...this.agentPath, agent];
    return new UserExecutionContext({
      ...{ userId, tenantId, threadId, runId, requestId, sessionId, connectionId, epoch, createdAt, metadata },
      preferences,
      parent: this,
      agentPath,
    });
  }
}

function requireId(field: string, value: unknown): string {
  if (typeof value !== 'string' || value.length > ID_LENGTH_MAX || PLACEHOLDERS.has(value.trim().toLowerCase())) {
    throw refused(`${field} is missing or a placeholder`);
  }
  return value;
}

const refused = (reason: string): AppError =>
  new AppError('engine_init_failed', `Invalid execution context: ${reason}.`, { details: { reason } });
