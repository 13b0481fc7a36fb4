import { isJsonObject } from '../context/json.js';

/** One text for equal parameters, whatever the order of their keys: two calls with the same key are the same call. */
export const callKey = (tool: string, parameters: unknown): string => `${tool} ${JSON.stringify(sorted(parameters))}`;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name])]),
  );
}
