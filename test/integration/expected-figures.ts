import { plainCost, type PlainRow } from './cost-tools-setup.js';

/** Figures of usage, computed once more: row by row in plain loops, from the formulas, without SQL. */
export interface ExpectedFigures {
  readonly spendUsd: number;
  /** Whether any row has a price or a reported cost. */
  readonly isPriced: boolean;
  readonly retryWasteUsd: number;
  readonly duplicatesUsd: number;
  /** Output tokens of priced single requests above the ninety-fifth percentile of their model. */
  readonly outputExcess: readonly { readonly model: string; readonly tokens: number }[];
}

const HOUR_MS = 3_600_000;
const RETRY_MS = 60_000;

interface Call extends PlainRow {
  readonly time: number;
  /** USD; undefined when it has no price. */
  readonly price: number | undefined;
  readonly isRequest: boolean;
}

export function expectedOf(rows: readonly PlainRow[]): ExpectedFigures {
  const calls = rows.map((row): Call => {
    const price = plainCost(row);
    return {
      ...row,
      time: Date.parse(row.at),
      price: price === null ? undefined : Number(price) / 1e9,
      isRequest: row.bucketRequests === undefined && row.isBill !== true,
    };
  });
  return {
    spendUsd: calls.reduce((sum, { price, reported }) => sum + (price ?? Number(reported ?? 0n) / 1e9), 0),
    isPriced: calls.some(({ price, reported }) => price !== undefined || typeof reported === 'bigint'),
    retryWasteUsd: calls.filter((call) => isWaste(call, calls)).reduce((sum, { price = 0 }) => sum + price, 0),
    duplicatesUsd: duplicates(calls),
    outputExcess: outputExcess(calls),
  };
}

const isKnown = ({ model, price }: Call): boolean => typeof model === 'string' && price !== undefined;

/** Failed calls, and broken-off ones whose prompt came again within a minute, whatever that attempt cost. */
function isWaste(call: Call, calls: readonly Call[]): boolean {
  if (!isKnown(call)) return false;
  if (call.status === 'error') return true;
  if (call.status !== 'aborted' || call.prompt === undefined) return false;
  return calls.some(
    (later) => later.prompt === call.prompt && later.time > call.time && later.time <= call.time + RETRY_MS,
  );
}

/** (n − 1) × mean cost for each prompt of a model, feature and hour. */
function duplicates(calls: readonly Call[]): number {
  const groups = new Map<string, number[]>();
  for (const call of calls) {
    const { model, provider, feature = null, operation, prompt, status = 'ok', time, price, isRequest } = call;
    if (!isKnown(call) || !isRequest || prompt === undefined || status !== 'ok') continue;
    const isEmbedding = operation?.includes('embed') ?? null;
    const key = JSON.stringify([model, provider, feature, isEmbedding, prompt, Math.floor(time / HOUR_MS)]);
    groups.set(key, [...(groups.get(key) ?? []), price ?? 0]);
  }
  return [...groups.values()].reduce((sum, costs) => {
    const mean = costs.reduce((total, cost) => total + cost, 0) / costs.length;
    return sum + (costs.length - 1) * mean;
  }, 0);
}

function outputExcess(calls: readonly Call[]): { model: string; tokens: number }[] {
  const outputs = new Map<string, number[]>();
  for (const call of calls) {
    if (!call.isRequest || typeof call.model !== 'string' || !((call.price ?? 0) > 0)) continue;
    outputs.set(call.model, [...(outputs.get(call.model) ?? []), call.output ?? 0]);
  }
  return [...outputs].map(([model, tokens]) => {
    const sorted = [...tokens].sort((a, b) => a - b);
    const cap = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0;
    return { model, tokens: sorted.reduce((sum, one) => sum + Math.max(0, one - cap), 0) };
  });
}
