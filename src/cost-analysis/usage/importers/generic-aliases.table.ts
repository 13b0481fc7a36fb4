import type { Aliases } from './field-reader.js';

export type GenericField =
  | 'id'
  | 'time'
  | 'end'
  | 'provider'
  | 'model'
  | 'operation'
  | 'input'
  | 'inputUncached'
  | 'cacheRead'
  | 'cacheWrite'
  | 'cacheWrite5m'
  | 'cacheWrite1h'
  | 'output'
  | 'reasoning'
  | 'total'
  | 'requests'
  | 'status'
  | 'errorType'
  | 'latencyMs'
  | 'latencyS'
  | 'ttftMs'
  | 'stream'
  | 'finishReason'
  | 'batch'
  | 'serviceTier'
  | 'team'
  | 'project'
  | 'feature'
  | 'user'
  | 'apiKey'
  | 'session'
  | 'trace'
  | 'prompt'
  | 'prefix'
  | 'cost'
  | 'currency';

/**
 * Names under which tables of usage hold each field. Compared without case, spaces and punctuation. `input` counts all input, also what
 * came from the cache; `inputUncached` doesn't; `cacheWrite` counts all writes.
 */
export const GENERIC_ALIASES: Aliases<GenericField> = {
  id: ['id', 'request_id', 'event_id', 'call_id', 'generation_id', 'uuid'],
  time: [
    'timestamp',
    'time',
    'ts',
    'ts_start',
    'datetime',
    'created_at',
    'start_time',
    'started_at',
    'start',
    'request_time',
    'created',
    'date',
    'day',
    'hour',
  ],
  end: ['end_time', 'ended_at', 'ts_end', 'end', 'finished_at', 'completed_at'],
  provider: ['provider', 'vendor', 'llm_provider', 'gen_ai.system', 'gen_ai.provider.name'],
  model: [
    'model',
    'model_name',
    'model_id',
    'model_raw',
    'llm',
    'deployment',
    'engine',
    'gen_ai.response.model',
    'gen_ai.request.model',
  ],
  operation: ['operation', 'call_type', 'endpoint', 'type', 'gen_ai.operation.name'],
  input: [
    'input_total',
    'input_tokens',
    'prompt_tokens',
    'tokens_in',
    'tokens_input',
    'tokens_prompt',
    'total_input_tokens',
    'input',
    'in_tokens',
    'context_tokens',
    'request_tokens',
    'input_length',
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.prompt_tokens',
  ],
  inputUncached: ['uncached_input_tokens', 'input_uncached', 'input_uncached_tokens', 'input_no_cache'],
  cacheRead: [
    'cache_read',
    'cached_tokens',
    'cached_input_tokens',
    'input_cached_tokens',
    'cache_read_tokens',
    'cache_read_input_tokens',
    'prompt_cache_read_tokens',
    'cached',
    'gen_ai.usage.cache_read.input_tokens',
  ],
  cacheWrite: [
    'cache_write',
    'cache_write_tokens',
    'cache_creation_input_tokens',
    'cache_creation_tokens',
    'prompt_cache_write_tokens',
    'input_cache_write_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
  ],
  cacheWrite5m: ['cache_write_5m', 'cache_write_5m_tokens', 'ephemeral_5m_input_tokens'],
  cacheWrite1h: ['cache_write_1h', 'cache_write_1h_tokens', 'ephemeral_1h_input_tokens'],
  output: [
    'output_total',
    'output_tokens',
    'completion_tokens',
    'tokens_out',
    'tokens_output',
    'tokens_completion',
    'total_output_tokens',
    'output',
    'out_tokens',
    'generated_tokens',
    'response_tokens',
    'output_length',
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
  ],
  reasoning: ['reasoning', 'reasoning_tokens', 'thinking_tokens', 'gen_ai.usage.reasoning.output_tokens'],
  total: ['total_tokens', 'total', 'tokens'],
  requests: [
    'requests',
    'n_requests',
    'num_requests',
    'request_count',
    'num_model_requests',
    'api_requests',
    'calls',
    'count',
  ],
  status: ['status', 'response_status', 'status_code', 'http_status', 'outcome', 'success'],
  errorType: ['error_type', 'error', 'error_code', 'error.type'],
  latencyMs: ['latency_ms', 'duration_ms', 'request_duration_ms', 'response_time_ms', 'delay_ms', 'elapsed_ms'],
  latencyS: ['latency', 'latency_s', 'duration', 'duration_s', 'response_time', 'latency_seconds'],
  ttftMs: ['ttft_ms', 'ttft', 'time_to_first_token', 'time_to_first_token_ms'],
  stream: ['stream', 'streaming', 'is_stream', 'streamed'],
  finishReason: ['finish_reason', 'stop_reason', 'gen_ai.response.finish_reasons'],
  batch: ['batch', 'is_batch'],
  serviceTier: ['service_tier', 'tier'],
  team: ['team', 'team_id', 'team_name', 'department', 'cost_center', 'cost_centre', 'group'],
  project: ['project', 'project_id', 'project_name', 'workspace', 'workspace_id', 'app', 'application'],
  feature: [
    'feature',
    'feature_name',
    'use_case',
    'prompt_name',
    'function',
    'service',
    'task',
    'ai.telemetry.functionId',
  ],
  user: ['user', 'user_id', 'user_email', 'email', 'end_user', 'customer', 'customer_id', 'user_hash'],
  apiKey: ['api_key', 'api_key_id', 'api_key_ref', 'key', 'key_id', 'virtual_key'],
  session: ['session', 'session_id', 'conversation_id', 'thread_id', 'chat_id', 'gen_ai.conversation.id'],
  trace: ['trace', 'trace_id', 'span_id'],
  prompt: ['prompt_hash', 'prompt', 'prompt_text', 'messages', 'request_body', 'query'],
  prefix: ['prefix_hash', 'prompt_prefix_hash', 'system_prompt_hash', 'system_prompt'],
  cost: [
    'cost',
    'cost_usd',
    'spend',
    'total_cost',
    'price',
    'amount',
    'amount_usd',
    'cost_reported',
    'usd',
    'total_price',
  ],
  currency: ['currency', 'amount_currency', 'cost_currency'],
};
