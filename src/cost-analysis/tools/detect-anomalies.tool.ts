import type { z } from 'zod';
import { UserExecutionContext } from '../../context/user-execution-context.js';
import { Database } from '../../persistence/database.js';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { ANOMALY_DAYS_MIN, findAnomalies, type Anomaly } from './anomalies.js';
import { wholeDays } from './daily-series.js';
import { dailySpend } from './daily-spend.js';
import { estimateToNano } from './decimal.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema;
type Input = z.output<typeof schema>;

/** The strongest are kept: a report that lists a hundred anomalies names none. */
const EVENTS_MAX = 10;

@Tool({
  name: 'detect_anomalies',
  description:
    'Days, or runs of days, whose spend lies far from what the same weekday usually costs. Needs fourteen whole days.',
  schema,
  idempotent: true,
})
export class DetectAnomaliesTool implements ToolHandler<Input> {
  constructor(
    private readonly context: UserExecutionContext,
    private readonly database: Database,
  ) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const { days, last } = await dailySpend(this.database, this.context.tenantId, input);
    call.signal.throwIfAborted();
    const series = wholeDays(days);
    const enough = series.length >= ANOMALY_DAYS_MIN;
    const all = findAnomalies(series);
    const strongest = [...all].sort((a, b) => Math.abs(b.score) - Math.abs(a.score)).slice(0, EVENTS_MAX);
    const sheet = new FactSheet(factScope('detect_anomalies', input, {}), last);
    sheet.days('days', series.length, { formula: 'whole days looked at', inputs: ['ts_start'] });
    if (enough)
      sheet.count('events', all.length, {
        formula: 'runs of days with |z| above the threshold',
        inputs: ['daily spend'],
      });
    return sheet.report({
      rows: strongest.sort((a, b) => (a.from < b.from ? -1 : 1)).map((event) => eventRow(sheet, event)),
      needs: ['daily spend'],
      covered: { part: enough ? 1n : 0n, whole: 1n },
      caveats: enough
        ? []
        : ['There are fewer than fourteen whole days, too few to tell an unusual day from a usual one.'],
    });
  }
}

function eventRow(sheet: FactSheet, event: Anomaly) {
  const path = `event.${event.from}`;
  const spent = estimateToNano(event.usd);
  const expected = estimateToNano(event.expectedUsd);
  const cost = sheet.usd(`${path}.cost`, spent, {
    formula: 'Σ cost of these days, to the cent',
    inputs: ['daily spend'],
  });
  const usual = sheet.usd(`${path}.expected`, expected, {
    formula: 'median of the same weekday in the weeks before, on a log scale',
    inputs: ['daily spend'],
  });
  return {
    from: event.from,
    to: event.to,
    direction: event.direction,
    score: event.score.toFixed(1),
    from_fact: sheet.date(`${path}.from`, event.from, { formula: 'first day', inputs: [] }),
    to_fact: sheet.date(`${path}.to`, event.to, { formula: 'last day', inputs: [] }),
    cost_fact: cost,
    expected_fact: usual,
    excess_fact: sheet.usd(`${path}.excess`, spent - expected, { formula: 'cost − expected', inputs: [cost, usual] }),
  };
}
