import type { JsonValue } from '../../context/json.js';

const NAME_LENGTH_MAX = 60;

/** A name from the data as a part of a fact id: lower case, only letters, digits, dot, dash and underscore. */
export function idPart(name: string): string {
  const part = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, NAME_LENGTH_MAX);
  return part === '' ? 'unnamed' : part;
}

/** The first part of a tool's fact ids: its name, and each parameter that differs from the tool's defaults (`query_usage:grain=day`). */
export function factScope(tool: string, parameters: object, defaults: object): string {
  const usual = flatten(defaults);
  return [...flatten(parameters)]
    .filter(([name, value]) => usual.get(name) !== value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .reduce((scope, [name, value]) => `${scope}:${name}=${value}`, tool);
}

/** Nested parameters as `where.team` → `support`. */
function flatten(parameters: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [name, value] of Object.entries(parameters) as [string, JsonValue | undefined][]) {
    if (value === undefined || value === null) continue;
    if (Array.isArray(value)) flat.set(prefix + name, value.map((item) => idPart(String(item))).join('+'));
    else if (typeof value === 'object')
      for (const [key, inner] of flatten(value, `${prefix}${name}.`)) flat.set(key, inner);
    else flat.set(prefix + name, idPart(String(value)));
  }
  return flat;
}
