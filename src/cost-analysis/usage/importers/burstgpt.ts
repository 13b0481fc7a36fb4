import { RejectedRow } from '../rejected-row.js';
import { extraTags } from './extra-tags.js';
import { FieldReader } from './field-reader.js';
import type { UsageImporter } from './importer.js';
import { traceTime } from './trace-time.js';

const reader = new FieldReader({
  time: ['Timestamp'],
  model: ['Model'],
  input: ['Request tokens'],
  output: ['Response tokens'],
  total: ['Total tokens'],
  logType: ['Log Type'],
  session: ['Session ID'],
  elapsedS: ['Elapsed time'],
});

/** The names of the trace, as models that can be priced (https://github.com/HPMLL/BurstGPT). */
const MODELS: Readonly<Record<string, string>> = { chatgpt: 'gpt-3.5-turbo', 'gpt-4': 'gpt-4' };

/** BurstGPT: single requests with the seconds since the start of the trace. A response of no tokens is a failure. */
export const burstgpt: UsageImporter = {
  format: 'burstgpt',
  source: 'burstgpt',
  label: 'BurstGPT trace',
  needs: 'columns Timestamp, Model, Request tokens, Response tokens and Log Type',
  recognises: ({ first }) => reader.has(first.names, 'time', 'input', 'output', 'logType'),
  read: (record) => {
    const fields = reader.read(record);
    const [input, output, model] = [fields.count('input'), fields.count('output'), fields.text('model')];
    if (input === undefined || output === undefined) throw new RejectedRow('a field is empty');
    const total = fields.count('total');
    if (total !== undefined && total !== input + output)
      throw new RejectedRow(`total ${total} is not request ${input} + response ${output}`);
    return [
      {
        identity: fields.content(),
        rowKind: 'request',
        tsStart: traceTime(fields.value('time'), 's'),
        modelRaw: model === undefined ? undefined : (MODELS[model.toLowerCase()] ?? model),
        operation: fields.text('logType'),
        inputUncached: input,
        output,
        status: output === 0 ? 'error' : 'ok',
        latencyMs: fields.seconds('elapsedS'),
        sessionId: fields.text('session'),
        tags: extraTags(fields.extras()),
      },
    ];
  },
};
