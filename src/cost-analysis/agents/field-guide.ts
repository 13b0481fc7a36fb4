import { USAGE_FIELDS } from '../tools/usage-fields.js';
import type { MissingField } from './findings.js';

/** How a source in use can be made to deliver a field, where it can; by the `source` of usage rows. */
const BY_SOURCE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  litellm: {
    team: 'give each team its own virtual key in LiteLLM, so that team_id is filled in',
    feature: 'send request_tags with each call',
    user: 'send user or end_user with each call',
    'reported cost': 'export the spend column',
  },
  'litellm-daily': {
    'single requests': 'import SpendLogs instead of the daily spend',
    team: 'import SpendLogs, which have team_id',
  },
  'openai-usage': {
    model: 'call the usage API with group_by=model',
    project: 'call the usage API with group_by=project_id',
    user: 'call the usage API with group_by=user_id',
    'streaming or batch flag': 'call the usage API with group_by=batch',
    'single requests': 'the usage API has buckets only; export single requests from your gateway',
  },
  'azure-trace': {
    model: 'a trace has no model name; import it with price_as and the model to price it as',
  },
};

/** The fields that are missing, what each would make possible, and how to get it from the sources in use; core fields first. */
export function missingFields(missing: readonly string[], sources: readonly string[]): MissingField[] {
  return USAGE_FIELDS.filter(({ name }) => missing.includes(name))
    .sort((a, b) => Number(b.core) - Number(a.core))
    .map(({ name, enables, columns }) => {
      const known = sources.map((source) => BY_SOURCE[source]?.[name]).find((how) => how !== undefined);
      return { field: name, enables, how: known ?? `add it in the generic format: ${columns}` };
    });
}

/** How usage gets in: the endpoint, the formats, and the columns of the generic one. */
export const IMPORT_GUIDE = {
  endpoint: 'POST /api/usage/imports?format=auto',
  content_types: ['text/csv', 'application/json', 'application/x-ndjson', 'application/gzip'],
  formats: ['litellm', 'openai-usage', 'azure-trace', 'generic'],
  required: ['timestamp', 'model', 'input_tokens', 'output_tokens'],
  optional: ['cached_tokens', 'cost', 'requests', 'team', 'project', 'feature', 'user', 'status', 'latency_ms'],
  example:
    'curl -X POST "$SERVER/api/usage/imports?format=generic" -H "Authorization: Bearer $TOKEN" -H "Content-Type: text/csv" --data-binary @usage.csv',
} as const;
