import { Readable } from 'node:stream';
import { nothingPlanted } from '../../src/cost-analysis/sample/planted-work.js';
import { SAMPLE_LABEL } from '../../src/cost-analysis/sample/sample-usage.js';
import { sampleYear } from '../../src/cost-analysis/sample/sample-year.js';
import type { DataSet } from './data-set.js';
import { listCostUsd } from './list-prices.table.js';

const NANO = 1e9;
const WITHIN = 0.1;
const SYNTHETIC = /synthetic/i;

/** A year of the generated company, with waste that was planted in it and that a tool has to find. */
export function generatedYear(): DataSet {
  const planted = nothingPlanted();
  const [header = '', ...lines] = [...sampleYear(planted)].map((line) => line.trimEnd().split(','));
  const cell = (line: readonly string[], name: string): string => line[header.indexOf(name)] ?? '';
  const number = (line: readonly string[], name: string): number => Number(cell(line, name));
  const costUsd = (line: readonly string[]): number =>
    listCostUsd(cell(line, 'model'), {
      input: number(line, 'input_tokens'),
      cached: number(line, 'cached_tokens'),
      output: number(line, 'output_tokens'),
    });
  const sum = (which: (line: readonly string[]) => boolean): number =>
    lines.filter(which).reduce((total, line) => total + costUsd(line), 0);
  const usd = (nano: bigint): number => Number(nano) / NANO;
  return {
    name: 'Generated year',
    file: {
      query: { format: 'generic', synthetic: 'true', label: SAMPLE_LABEL },
      contentType: 'text/csv',
      open: () => Readable.from(sampleYear()),
    },
    rows: lines.length,
    names: [],
    questions: [
      {
        asks: 'What did we spend in total?',
        facts: [{ id: /^(cost_breakdown|data_quality)\.(total|spend)$/, value: sum(() => true) }],
        says: [SYNTHETIC],
      },
      {
        asks: 'How much do retries cost us?',
        facts: [{ id: /^retry_waste\.waste$/, value: sum((line) => cell(line, 'status') === 'error') }],
        says: [SYNTHETIC, /document-intake/, /Together they cost/],
      },
      {
        asks: 'What do duplicate calls cost us?',
        facts: [
          {
            id: /^duplicate_requests\S*\.(repeated|saving_high)$/,
            value: usd(planted.repeatedNano),
            tolerance: WITHIN,
          },
        ],
        says: [SYNTHETIC, /faq/],
      },
      {
        asks: 'Would prompt caching save us money?',
        facts: [{ id: /^cache_opportunity\S*saving_high$/, value: usd(planted.cacheableNano), tolerance: WITHIN }],
        says: [SYNTHETIC],
      },
      {
        asks: 'Would batch processing save us money?',
        facts: [
          {
            id: /batch\S*high$/,
            value: sum((line) => cell(line, 'feature') === 'nightly-enrichment') / 2,
            tolerance: WITHIN,
          },
        ],
        says: [SYNTHETIC, /nightly-enrichment/],
      },
      { asks: 'Which days were unusual in August 2026?', says: [SYNTHETIC, /11 August 2026 to 12 August 2026/] },
    ],
  };
}
