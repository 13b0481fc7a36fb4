import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { importerFor } from '../../src/cost-analysis/usage/importers/importers.js';
import { RejectedRow } from '../../src/cost-analysis/usage/rejected-row.js';

const PAYLOADS = join(process.cwd(), '..', 'shared', 'data', 'genai_prices_usages_sample.json');
const describeWithData = existsSync(PAYLOADS) ? describe : describe['skip'];

interface Expected {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly output_reasoning_tokens?: number;
  readonly cache_read_tokens?: number;
  readonly cache_write_tokens?: number;
}

interface Payload {
  readonly body: Readonly<Record<string, unknown>>;
  readonly extracted: readonly { readonly usage: Expected }[];
}

/**
 * Where a payload says more than the sample expects of it, because the sample reads them without knowing the provider. Input and output are
 * as expected in all of them, these are parts of the two; each list has the places of the payloads in the file.
 */
const READ_BEYOND_THE_SAMPLE = {
  // output_tokens_details.reasoning_tokens of the Responses API
  reasoning: [7, 57, 64, 106, 108, 110, 111, 114],
  // prompt_tokens_details.cached_tokens of xAI, Groq, Mistral, DeepSeek and Zhipu; num_cached_tokens of Mistral (60)
  cacheRead: [21, 60, 69, 122, 123, 127],
  // input_tokens_details.cache_write_tokens, prompt_tokens_details.cache_write_tokens of gpt-5.6
  cacheWrite: [65, 66, 67, 132],
};

describeWithData('the 159 usage payloads of ../shared/data', () => {
  const payloads = existsSync(PAYLOADS) ? (JSON.parse(readFileSync(PAYLOADS, 'utf8')) as Payload[]) : [];
  const read = payloads.map(({ body }) => tokensOf(body));
  const expected = payloads.map(({ extracted: [first] }) => wanted(first?.usage ?? {}));

  it('are all there, and all give a row', () => {
    expect(payloads).toHaveLength(159);
    expect(read.flatMap((tokens, index) => (tokens === undefined ? [index] : []))).toEqual([]);
  });

  it.each(payloads.map((_payload, index) => index))('payload %d has the input and output that it should', (index) => {
    expect(read[index]).toMatchObject({ input: expected[index]?.input, output: expected[index]?.output });
  });

  it.each(['reasoning', 'cacheRead', 'cacheWrite'] as const)('%s is as expected, or beyond it where listed', (part) => {
    const different = read.flatMap((tokens, index) => (tokens?.[part] === expected[index]?.[part] ? [] : [index]));
    expect(different).toEqual(READ_BEYOND_THE_SAMPLE[part]);
    for (const index of different) expect(expected[index]?.[part]).toBe(0);
  });
});

/** What the importer makes of a logged answer with this body. */
function tokensOf(body: Payload['body']) {
  const logged: Record<string, unknown> = { timestamp: '2026-01-02T00:00:00Z', ...body };
  const first = { line: 1, names: Object.keys(logged), values: Object.values(logged) };
  const [row] = importerFor('auto', { kind: 'json', first, some: [first] }).read(first);
  if (row === undefined || row instanceof RejectedRow) return undefined;
  const [cacheRead, cacheWrite] = [row.cacheRead ?? 0, (row.cacheWrite5m ?? 0) + (row.cacheWrite1h ?? 0)];
  return {
    input: row.inputUncached + cacheRead + cacheWrite,
    output: row.output,
    reasoning: row.reasoning ?? 0,
    cacheRead,
    cacheWrite,
  };
}

function wanted(usage: Expected) {
  return {
    input: usage.input_tokens ?? 0,
    output: usage.output_tokens ?? 0,
    reasoning: usage.output_reasoning_tokens ?? 0,
    cacheRead: usage.cache_read_tokens ?? 0,
    cacheWrite: usage.cache_write_tokens ?? 0,
  };
}
