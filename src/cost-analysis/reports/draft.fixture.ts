import type { JsonObject } from '../../context/json.js';
import { triageFinding } from '../agents/findings.js';
import { draftReport } from './draft.js';
import { renderFacts } from './grounding.js';
import type { ReportData } from './report-data.js';
import { RunFacts } from './run-facts.js';

/** What a tool answered: facts by their path, as unit and value. */
export const record = (
  tool: string,
  facts: Record<string, readonly [string, string]>,
  rows: readonly JsonObject[] = [],
) => ({
  tool,
  success: true,
  result: {
    scope: tool,
    facts: Object.entries(facts).map(([path, [unit, value]]) => ({
      id: `${tool}.${path}`,
      value,
      unit,
      decimals: unit === 'usd' ? 2 : 0,
      formula: '',
      inputs: [],
      as_of: null,
    })),
    rows,
    coverage: { ratio: null, needs: [] },
    caveats: [] as readonly string[],
  },
});

export const warning = (one: ReturnType<typeof record>, caveats: readonly string[]) => ({
  ...one,
  result: { ...one.result, caveats },
});

export const data = (
  records: readonly ReturnType<typeof record>[],
  triage: JsonObject,
  askedAt?: Date,
): ReportData => ({
  question: 'x',
  triage: triageFinding({ findings: { triage } }),
  facts: new RunFacts(records),
  opportunities: [],
  steps: [],
  missing: [],
  ...(askedAt === undefined ? {} : { askedAt }),
});

/** A section as a reader sees it; empty when the report has none of that key. */
export function section(key: string, from: ReportData): string {
  const body = draftReport(from).sections.find((one) => one.key === key)?.body ?? '';
  return renderFacts(body, from.facts.facts);
}

export const QUALITY = record('data_quality', {
  first_day: ['date', '2025-03-01'],
  last_day: ['date', '2025-03-31'],
  rows: ['count', '31'],
  spend: ['usd', '310'],
});
