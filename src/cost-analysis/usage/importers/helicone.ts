import { RejectedRow } from '../rejected-row.js';
import { canonicalProvider } from '../../prices/model-name.js';
import { objectOf } from './json-values.js';
import { extraTags } from './extra-tags.js';
import { textOf } from './field-values.js';
import { FieldReader } from './field-reader.js';
import type { Fields } from './field-reader.js';
import type { UsageDraft, UsageImporter } from './importer.js';
import { inputParts } from './input-parts.js';

const reader = new FieldReader({
  id: ['request_id'],
  time: ['request_created_at'],
  status: ['response_status'],
  model: ['response_model', 'request_model', 'model'],
  provider: ['provider'],
  user: ['request_user_id'],
  properties: ['request_properties', 'properties'],
  latencyMs: ['delay_ms'],
  ttftMs: ['time_to_first_token'],
  total: ['total_tokens'],
  input: ['prompt_tokens'],
  output: ['completion_tokens'],
  cacheWrite: ['prompt_cache_write_tokens'],
  cacheRead: ['prompt_cache_read_tokens'],
  cost: ['cost', 'costUSD'],
  cacheReference: ['cache_reference_id'],
  // Named here so that they don't become tags.
  dropped: [
    'request_body',
    'response_body',
    'signed_body_url',
    'request_ip',
    'country_code',
    'response_id',
    'prompt_id',
  ],
});
type Field = Parameters<typeof reader.has>[1];

const NO_REFERENCE = '00000000-0000-0000-0000-000000000000';

/** Helicone's requests, from its API or an export. */
export const helicone: UsageImporter = {
  format: 'helicone',
  source: 'helicone',
  label: 'Helicone requests',
  needs: 'fields request_id, request_created_at, response_status and prompt_tokens',
  recognises: ({ first }) => reader.has(first.names, 'id', 'time'),
  read: (record) => {
    const fields = reader.read(record);
    const [id, tsStart] = [fields.text('id'), fields.time('time')];
    if (id === undefined || tsStart === undefined) throw new RejectedRow('request_id or request_created_at is empty');
    const properties = Object.entries(objectOf(fields.value('properties')));
    const property = (wanted: string) => textOf(properties.find(([name]) => name.toLowerCase() === wanted)?.[1]);
    const status = statusOf(fields);
    return [
      {
        id,
        identity: id,
        rowKind: 'request',
        tsStart,
        provider: fields.text('provider')?.toLowerCase(),
        modelRaw: fields.text('model'),
        ...tokensOf(fields),
        status,
        errorType: status === 'error' ? fields.text('status') : undefined,
        latencyMs: fields.milliseconds('latencyMs'),
        ttftMs: fields.milliseconds('ttftMs'),
        team: property('team'),
        project: property('project'),
        feature: property('feature'),
        user: fields.text('user'),
        sessionId: property('helicone-session-id'),
        tags: extraTags([
          ...properties.filter(([name]) => !/^(team|project|feature|helicone-.*)$/i.test(name)),
          ...fields.extras(),
        ]),
        costReportedNanoUsd: fields.money('cost'),
      },
    ];
  },
};

/** What Helicone answered from its own cache names the request it was first answered for. */
function statusOf(fields: Fields<Field>): UsageDraft['status'] {
  const reference = fields.text('cacheReference');
  if (reference !== undefined && reference !== NO_REFERENCE && reference !== 'DEFAULT') return 'cached';
  const status = fields.text('status');
  if (status === undefined || /^2\d\d(\.0)?$/.test(status) || status === 'success') return 'ok';
  return status === '499' || status === '-3' || status === 'cancelled' ? 'aborted' : 'error';
}

/** A failed request often has no counts. Anthropic's prompt tokens are without the cached ones; of others, the total tells. */
function tokensOf(fields: Fields<Field>) {
  const [input, output, total] = [fields.count('input'), fields.count('output'), fields.count('total')];
  const cache = { cacheRead: fields.count('cacheRead'), cacheWrite: fields.count('cacheWrite') };
  const cached = (cache.cacheRead ?? 0) + (cache.cacheWrite ?? 0);
  const isExclusive =
    canonicalProvider(fields.text('provider') ?? '') === 'anthropic' ||
    (cached > 0 && total !== undefined && total === (input ?? 0) + (output ?? 0) + cached);
  return {
    ...inputParts({ total: input ?? 0, ...cache }, isExclusive ? 'exclusive' : 'likely_inclusive'),
    output: output ?? 0,
  };
}
