import { isJsonObject } from '../../../context/json.js';
import type { JsonObject } from '../../../context/json.js';

/** An object from itself (JSON files) or its JSON text (CSV files); empty when it is neither. */
export function objectOf(value: unknown): JsonObject {
  const decoded = decode(value);
  return isJsonObject(decoded) ? decoded : {};
}

/** A list of words from itself or its JSON text: `request_tags`, of which "feature:x" and "team:x" name a dimension. */
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
