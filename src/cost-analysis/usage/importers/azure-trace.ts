import { RejectedRow } from '../rejected-row.js';
import { FieldReader } from './field-reader.js';
import type { UsageImporter } from './importer.js';

const reader = new FieldReader({ time: ['TIMESTAMP'], input: ['ContextTokens'], output: ['GeneratedTokens'] });

/** Azure LLM inference traces: time, input and output tokens of single requests; no model, user, status or latency. */
export const azureTrace: UsageImporter = {
  format: 'azure-trace',
  source: 'azure-trace',
  label: 'Azure LLM inference trace',
  needs: 'columns TIMESTAMP, ContextTokens and GeneratedTokens',
  recognises: ({ first }) => reader.has(first.names, 'time', 'input', 'output'),
  read: (record) => {
    const fields = reader.read(record);
    const [tsStart, input, output] = [fields.time('time'), fields.count('input'), fields.count('output')];
    if (tsStart === undefined || input === undefined || output === undefined) throw new RejectedRow('a field is empty');
    return [{ identity: fields.content(), rowKind: 'request', tsStart, inputUncached: input, output, status: 'ok' }];
  },
};
