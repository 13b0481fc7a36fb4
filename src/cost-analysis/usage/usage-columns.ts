import type { UsageRow } from './usage-row.js';

export type ColumnType = 'text' | 'bigint' | 'integer' | 'boolean' | 'timestamptz' | 'jsonb';

export interface UsageColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly of: (row: UsageRow) => string | number | bigint | boolean | Date | undefined;
}

const column = (name: string, type: ColumnType, of: UsageColumn['of']): UsageColumn => ({ name, type, of });

/** The columns of usage_event that differ from row to row; the rest are the same for a whole import. */
export const USAGE_COLUMNS: readonly UsageColumn[] = [
  column('source_row_id', 'text', (row) => row.sourceRowId),
  column('response_id', 'text', (row) => row.responseId),
  column('is_bill', 'boolean', (row) => row.isBill),
  column('row_kind', 'text', (row) => row.rowKind),
  column('ts_start', 'timestamptz', (row) => row.tsStart),
  column('ts_end', 'timestamptz', (row) => row.tsEnd),
  column('provider', 'text', (row) => row.provider),
  column('model_raw', 'text', (row) => row.modelRaw),
  column('model_id', 'text', (row) => row.modelId),
  column('operation', 'text', (row) => row.operation),
  column('input_total', 'bigint', ({ tokens }) => tokens.inputTotal),
  column('input_uncached', 'bigint', ({ tokens }) => tokens.inputUncached),
  column('cache_read', 'bigint', ({ tokens }) => tokens.cacheRead),
  column('cache_write_5m', 'bigint', ({ tokens }) => tokens.cacheWrite5m),
  column('cache_write_1h', 'bigint', ({ tokens }) => tokens.cacheWrite1h),
  column('output_total', 'bigint', ({ tokens }) => tokens.outputTotal),
  column('reasoning', 'bigint', ({ tokens }) => tokens.reasoning),
  column('requests', 'bigint', (row) => row.requests),
  column('status', 'text', (row) => row.status),
  column('error_type', 'text', (row) => row.errorType),
  column('latency_ms', 'integer', (row) => row.latencyMs),
  column('ttft_ms', 'integer', (row) => row.ttftMs),
  column('stream', 'boolean', (row) => row.stream),
  column('finish_reason', 'text', (row) => row.finishReason),
  column('is_batch', 'boolean', (row) => row.isBatch),
  column('service_tier', 'text', (row) => row.serviceTier),
  column('team', 'text', (row) => row.team),
  column('project', 'text', (row) => row.project),
  column('feature', 'text', (row) => row.feature),
  column('user_hash', 'text', ({ hashes }) => hashes.user),
  column('api_key_ref', 'text', ({ hashes }) => hashes.apiKey),
  column('session_id', 'text', (row) => row.sessionId),
  column('trace_id', 'text', (row) => row.traceId),
  column('prompt_hash', 'text', ({ hashes }) => hashes.prompt),
  column('prefix_hash', 'text', ({ hashes }) => hashes.prefix),
  column('tags', 'jsonb', (row) => row.tags),
  column('cost_reported', 'bigint', (row) => row.costReported),
  column('cost_computed', 'bigint', (row) => row.costComputed),
  column('price_version', 'text', (row) => row.priceVersion),
  column('price_status', 'text', (row) => row.priceStatus),
];
