import { z } from 'zod';
import type { StoredAuditEntry } from '../auth/audit-trail.js';
import type { ConnectionTotals } from '../gateway/connection-manager.js';
import type { ConnectionSnapshot } from '../gateway/connection-snapshot.js';
import type { DeploymentReport } from '../monitor/deployment-report.js';
import type { AdminUser } from './admin-queries.js';
import type { AdminErrorReport, AdminSession, AdminThread } from './admin-records.js';

/** What the admin routes answer, for the OpenAPI document; the types are those of what is answered. */
export const timestamp = z.string().meta({ format: 'date-time' });
const nextCursor = z.string().nullable();
export const pageAnswer = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), next_cursor: nextCursor });
const jsonObject = z.record(z.string(), z.unknown());

export const usersAnswer = pageAnswer(
  z.object({
    id: z.uuid(),
    tenant_id: z.uuid(),
    email: z.string(),
    roles: z.array(z.string()),
    disabled: z.boolean(),
    created_at: timestamp,
  }) satisfies z.ZodType<AdminUser>,
);

const connection = z.object({
  connection_id: z.uuid(),
  state: z.enum(['connecting', 'authenticated', 'ready', 'draining', 'closed']),
  user_id: z.uuid().nullable(),
  tenant_id: z.uuid().nullable(),
  session_id: z.uuid().nullable(),
  thread_id: z.uuid().nullable().meta({ description: 'The one thread that the connection is bound to' }),
  opened_at: timestamp,
  idle_ms: z.int(),
  since_pong_ms: z.int(),
  frames_in: z.int(),
  bytes_in: z.int(),
  frames_out: z.int(),
  bytes_out: z.int(),
  errors: z.int(),
  frames_dropped: z.int(),
  buffered_bytes: z.int(),
}) satisfies z.ZodType<ConnectionSnapshot>;

const connectionTotals = z.object({
  open: z.int(),
  users: z.int(),
  handshakes_succeeded: z.int(),
  handshakes_failed: z.int(),
  handshake_success_share: z
    .number()
    .nullable()
    .meta({ description: '0 to 1; null as long as there was no handshake' }),
}) satisfies z.ZodType<ConnectionTotals>;

export const connectionsAnswer = pageAnswer(connection).extend({ totals: connectionTotals });

export const sessionsAnswer = pageAnswer(
  z.object({
    id: z.uuid(),
    tenant_id: z.uuid(),
    user_id: z.uuid(),
    user_agent: z.string().nullable(),
    created_at: timestamp,
    last_used_at: timestamp,
    expires_at: timestamp,
    revoked_at: timestamp.nullable(),
    revoked_reason: z.string().nullable(),
  }) satisfies z.ZodType<AdminSession>,
);

export const threadsAnswer = pageAnswer(
  z.object({
    id: z.uuid(),
    tenant_id: z.uuid(),
    user_id: z.uuid(),
    last_seq: z.int(),
    message_count: z.int(),
    created_at: timestamp,
    updated_at: timestamp,
    deleted_at: timestamp.nullable(),
  }) satisfies z.ZodType<AdminThread>,
);

export const errorReportAnswer = z.object({
  id: z.uuid(),
  tenant_id: z.uuid().nullable(),
  user_id: z.uuid().nullable(),
  run_id: z.uuid().nullable(),
  code: z.string(),
  step: z.string().nullable(),
  stack: z.string().nullable(),
  versions: jsonObject,
  created_at: timestamp,
}) satisfies z.ZodType<Omit<AdminErrorReport, 'versions'>>;

const setting = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
export const settingsAnswer = z
  .record(z.string(), z.union([setting, z.record(z.string(), setting)]))
  .meta({ description: 'By name; those of one kind, as limits, in an object of their own' });

export const auditAnswer = pageAnswer(
  z.object({
    id: z.uuid(),
    created_at: timestamp,
    tenant_id: z.uuid().nullable(),
    actor_id: z.uuid().nullable().meta({ description: 'Null: the server itself' }),
    action: z.string(),
    target_kind: z.string(),
    target_id: z.string(),
    details: jsonObject,
  }) satisfies z.ZodType<Omit<StoredAuditEntry, 'details'>>,
);

const pathHealth = z.enum(['HEALTHY', 'WARNING', 'AT_RISK', 'NO_DATA']);
export const monitorAnswer = z.object({
  status: pathHealth,
  evaluated_at: timestamp,
  window_s: z.int(),
  events: z.array(
    z.object({
      type: z.string(),
      emitted: z.int(),
      delivered: z.int(),
      failed: z.int(),
      pending: z.int(),
      success_rate: z.number().nullable().meta({ description: '0 to 1; null where there is no data' }),
      status: pathHealth,
    }),
  ),
  processes: z
    .array(
      z.object({
        process_id: z.uuid(),
        role: z.string(),
        status: pathHealth,
        evaluated_at: timestamp.nullable(),
        emitted: z.int(),
      }),
    )
    .meta({ description: 'Whose figures these are the sums of; the first one answers' }),
}) satisfies z.ZodType<DeploymentReport>;
