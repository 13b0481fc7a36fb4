import { RejectedRow } from '../rejected-row.js';
import { FieldReader } from './field-reader.js';
import type { UsageImporter } from './importer.js';
import { traceTime } from './trace-time.js';

const reader = new FieldReader({
  time: ['timestamp'],
  input: ['input_length'],
  output: ['output_length'],
  hashIds: ['hash_ids'],
});

/** The tags of a row are bounded; a longer prefix than this is no longer told apart. */
const BLOCKS_MAX = 300;
const BLOCK_TOKENS = 512;

/**
 * Mooncake's traces: milliseconds since the start, lengths, and the prompt as blocks of 512 tokens. An id stands for its block and all
 * before it, so that two requests with the same id share the whole prefix: `tags.prefix_blocks` keeps them, `prefix_hash` is the first one.
 */
export const mooncake: UsageImporter = {
  format: 'mooncake',
  source: 'mooncake',
  label: 'Mooncake trace',
  needs: 'fields timestamp, input_length, output_length and hash_ids',
  recognises: ({ first }) => reader.has(first.names, 'time', 'input', 'output', 'hashIds'),
  read: (record) => {
    const fields = reader.read(record);
    const [input, output, hashIds] = [fields.count('input'), fields.count('output'), fields.value('hashIds')];
    if (input === undefined || output === undefined) throw new RejectedRow('a field is empty');
    const blocks = blocksOf(hashIds);
    return [
      {
        identity: fields.content(),
        rowKind: 'request',
        tsStart: traceTime(fields.value('time'), 'ms'),
        inputUncached: input,
        output,
        status: 'ok',
        prefix: blocks[0] === undefined ? undefined : `mooncake ${blocks[0]}`,
        tags:
          blocks.length === 0 ? undefined : { block_tokens: BLOCK_TOKENS, prefix_blocks: blocks.slice(0, BLOCKS_MAX) },
      },
    ];
  },
};

function blocksOf(value: unknown): number[] {
  if (value === undefined) return [];
  const decoded: unknown = typeof value === 'string' && value.startsWith('[') ? parsed(value) : value;
  if (!Array.isArray(decoded) || !decoded.every((id): id is number => Number.isSafeInteger(id)))
    throw new RejectedRow('hash_ids is no list of whole numbers');
  return decoded;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
