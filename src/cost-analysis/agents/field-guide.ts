import { IMPORT_FORMATS } from '../usage/importers/importers.js';
import { USAGE_FIELDS } from '../tools/usage-fields.js';
import type { MissingField } from './findings.js';
import { SOURCE_FIELDS } from './source-fields.table.js';

/** The fields that are missing, what each would make possible, and how to get it from the sources in use; core fields first. */
export function missingFields(missing: readonly string[], sources: readonly string[]): MissingField[] {
  return USAGE_FIELDS.filter(({ name }) => missing.includes(name))
    .sort((a, b) => Number(b.core) - Number(a.core))
    .map(({ name, enables, columns }) => {
      const known = sources.map((source) => SOURCE_FIELDS[source]?.[name]).find((how) => how !== undefined);
      return { field: name, enables, how: known ?? `add it in the generic format: ${columns}` };
    });
}

/** How usage gets in: the endpoint, the formats, and the columns of the generic one. */
export const IMPORT_GUIDE = {
  endpoint: 'POST /api/usage/imports?format=auto',
  content_types: ['text/csv', 'application/json', 'application/x-ndjson', 'application/gzip'],
  formats: IMPORT_FORMATS.filter((format) => format !== 'auto'),
  required: ['timestamp', 'model', 'input_tokens', 'output_tokens'],
  optional: ['cached_tokens', 'cost', 'requests', 'team', 'project', 'feature', 'user', 'status', 'latency_ms'],
  example:
    'curl -X POST "$SERVER/api/usage/imports?format=generic" -H "Authorization: Bearer $TOKEN" -H "Content-Type: text/csv" --data-binary @usage.csv',
} as const;
