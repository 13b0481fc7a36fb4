import type { JsonObject } from '../../../context/json.js';
import { RejectedRow } from '../rejected-row.js';
import { countOf } from './field-values.js';
import { inputParts } from './input-parts.js';

interface PlainCounts {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly total: number | undefined;
}

/**
 * The tokens of a Langfuse observation. The kinds in usageDetails are disjoint by Langfuse's own rule ("input" is without what came from the
 * cache, "output" without reasoning), but not all clients keep it: where there is a total, it tells.
 * https://langfuse.com/docs/observability/features/token-and-cost-tracking
 */
export function langfuseTokens(details: JsonObject, plain: PlainCounts) {
  const counts = Object.entries(details).flatMap(([name, value]): [string, number][] =>
    value === null || name === 'unit' ? [] : [[name.toLowerCase(), countOf(value, name)]],
  );
  const sum = (wanted: (name: string) => boolean) =>
    counts.reduce((total, [name, count]) => (wanted(name) ? total + count : total), 0);
  const input = first(counts, ['input', 'input_tokens', 'prompt_tokens', 'prompttokens']) ?? plain.input;
  const output = first(counts, ['output', 'output_tokens', 'completion_tokens', 'completiontokens']) ?? plain.output;
  const total = first(counts, ['total', 'total_tokens', 'totaltokens']) ?? plain.total;
  if (input === undefined && output === undefined && counts.length === 0)
    throw new RejectedRow('the generation has no usage');
  const cache = {
    cacheRead: sum(isCacheRead),
    cacheWrite: sum(isCacheWrite),
    cacheWrite1h: sum((name) => isCacheWrite(name) && name.includes('1h')),
  };
  const reasoning = sum((name) => name.includes('reasoning') || name.includes('thinking'));
  const plainSum = (input ?? 0) + (output ?? 0);
  const includesParts = total !== undefined && total === plainSum && cache.cacheRead + cache.cacheWrite + reasoning > 0;
  return {
    ...inputParts({ total: input, ...cache }, includesParts ? 'likely_inclusive' : 'exclusive'),
    output: (output ?? 0) + (includesParts ? 0 : reasoning),
    reasoning: reasoning === 0 ? undefined : reasoning,
  };
}

const isCacheWrite = (name: string): boolean => /cache.*(creation|write)|ephemeral_(5m|1h)/.test(name);
const isCacheRead = (name: string): boolean => name.includes('cache') && !isCacheWrite(name);

const first = (counts: readonly [string, number][], names: readonly string[]): number | undefined =>
  counts.find(([name]) => names.includes(name))?.[1];
