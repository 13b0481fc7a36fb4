import { nothingPlanted, PlantedWork, type PlantedCall, type PlantedTruth } from './planted-work.js';
import { SAMPLE_END, sampleUsage } from './sample-usage.js';
import { SeededRandom } from './seeded-random.js';

const DAYS = 364;
const DAY_MS = 86_400_000;
const SEED = 20_250_901;

/**
 * A year of the sample company, as lines of a CSV file: the same teams as in sampleUsage, which have grown to what they are, and work with
 * planted waste. `truth` gets what the waste comes to while the lines are taken. The same lines each time. Synthetic, as all of it.
 */
export function* sampleYear(truth: PlantedTruth = nothingPlanted()): Generator<string> {
  let columns: string[] | undefined;
  for (const line of sampleUsage({ days: DAYS })) {
    const cells = line.trimEnd();
    yield columns === undefined ? `${cells},prompt_hash,prefix_hash\n` : `${cells},,\n`;
    columns ??= [...cells.split(','), 'prompt_hash', 'prefix_hash'];
  }
  const work = new PlantedWork(new SeededRandom(SEED), truth);
  for (let day = DAYS; day > 0; day -= 1) {
    for (const call of work.onDay(SAMPLE_END.getTime() - day * DAY_MS)) yield `${lineOf(columns ?? [], call)}\n`;
  }
}

function lineOf(columns: readonly string[], call: PlantedCall): string {
  const cells: Readonly<Record<string, string | number>> = {
    timestamp: call.time.toISOString(),
    provider: 'openai',
    model: call.model,
    input_tokens: call.input,
    cached_tokens: 0,
    output_tokens: call.output,
    cost: call.costUsd,
    status: call.failed ? 'error' : 'ok',
    error_type: call.failed ? 'timeout' : '',
    stream: 'false',
    team: call.team,
    feature: call.feature,
    prompt_hash: call.prompt,
    prefix_hash: call.prefix,
  };
  return columns.map((column) => cells[column] ?? '').join(',');
}
