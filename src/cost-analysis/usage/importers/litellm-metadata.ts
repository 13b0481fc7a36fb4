import { isJsonObject } from '../../../context/json.js';
import type { JsonObject, JsonValue } from '../../../context/json.js';

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

/** An object from itself or its JSON text; empty when it is neither. */
export function objectOf(value: unknown): JsonObject {
  const decoded = decode(value);
  return isJsonObject(decoded) ? decoded : {};
}

/** `request_tags`: a list of words, of which "feature:x" and "team:x" name a dimension. */
export function tagsOf(value: unknown): string[] {
  const decoded = decode(value);
  return Array.isArray(decoded) ? decoded.filter((tag): tag is string => typeof tag === 'string') : [];
}

function decode(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

const at = (object: JsonObject, key: string): JsonObject => objectOf(object[key]);

const numberOf = (...candidates: (JsonValue | undefined)[]): number | undefined =>
  candidates.find((candidate): candidate is number => typeof candidate === 'number');

const stringOf = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
