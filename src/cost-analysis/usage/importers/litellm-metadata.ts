import type { JsonObject, JsonValue } from '../../../context/json.js';
import { objectOf } from './json-values.js';

/** What LiteLLM keeps in `metadata` and nowhere else. Counts are as reported; undefined when they are not there. */
export interface LitellmMetadata {
  readonly cacheRead: number | undefined;
  /** Includes the 1-hour writes. */
  readonly cacheWrite: number | undefined;
  readonly cacheWrite1h: number | undefined;
  readonly reasoning: number | undefined;
  readonly serviceTier: string | undefined;
  readonly team: string | undefined;
  readonly errorType: string | undefined;
}

/** `metadata` comes as an object in JSON and as JSON text in CSV. */
export function litellmMetadata(value: unknown): LitellmMetadata {
  const metadata = objectOf(value);
  const usage = at(metadata, 'usage_object');
  const additional = at(metadata, 'additional_usage_values');
  const prompt = at(usage, 'prompt_tokens_details');
  const writes = at(prompt, 'cache_creation_token_details');
  const ownWrites = at(usage, 'cache_creation');
  return {
    cacheRead: numberOf(
      additional['cache_read_input_tokens'],
      usage['cache_read_input_tokens'],
      prompt['cached_tokens'],
    ),
    cacheWrite: numberOf(
      additional['cache_creation_input_tokens'],
      usage['cache_creation_input_tokens'],
      prompt['cache_creation_tokens'],
    ),
    cacheWrite1h: numberOf(writes['ephemeral_1h_input_tokens'], ownWrites['ephemeral_1h_input_tokens']),
    reasoning: numberOf(at(usage, 'completion_tokens_details')['reasoning_tokens']),
    serviceTier: stringOf(usage['service_tier'] ?? additional['service_tier']),
    team: stringOf(metadata['user_api_key_team_alias']),
    errorType: stringOf(at(metadata, 'error_information')['error_class']),
  };
}

const at = (object: JsonObject, key: string): JsonObject => objectOf(object[key]);

const numberOf = (...candidates: (JsonValue | undefined)[]): number | undefined =>
  candidates.find((candidate): candidate is number => typeof candidate === 'number');

const stringOf = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
