import type { z } from 'zod';
import { Tool, type ToolCallContext, type ToolHandler } from '../../tools/tool.decorator.js';
import { usdDecimal } from '../prices/money.js';
import { judgeDays, type Anomaly } from './anomalies.js';
import { wholeRanges } from './daily-series.js';
import { estimateToNano } from './decimal.js';
import type { ToolReport } from './fact.js';
import { factScope } from './fact-id.js';
import { FactSheet } from './fact-sheet.js';
import { RunDays } from './run-days.js';
import { addUnpricedDays } from './unpriced-days.js';
import { usageScopeSchema } from './usage-scope.js';

const schema = usageScopeSchema.extend({
  report_from: usageScopeSchema.shape.from.describe(
    'only events that reach past this moment; unlike `from`, the days before it still say what is usual',
  ),
});
type Input = z.output<typeof schema>;

/** The largest in USD are kept: a report that lists a hundred anomalies names none. */
const EVENTS_MAX = 5;

@Tool({
  name: 'detect_anomalies',
  description:
    'Days, or runs of days, whose spend lies far from what the same weekday usually costs. A day is judged by at least fourteen whole days before it.',
  schema,
  idempotent: true,
})
export class DetectAnomaliesTool implements ToolHandler<Input> {
  constructor(private readonly runDays: RunDays) {}

  async execute(input: Input, call: ToolCallContext): Promise<ToolReport> {
    call.signal.throwIfAborted();
    const observed = await this.runDays.observed(input, call.signal);
    call.signal.throwIfAborted();
    const { report_from: first = '' } = input;
    const ranges = wholeRanges(observed.days).map(judgeDays);
    const judged = ranges.flatMap((range) => range.judged).filter((day) => day >= first).length;
    const all = ranges.flatMap(({ anomalies }) => anomalies).filter(({ to }) => to >= first);
    const largest = [...all].sort((a, b) => difference(b) - difference(a)).slice(0, EVENTS_MAX);
    const sheet = new FactSheet(factScope('detect_anomalies', input, {}), observed.last);
    sheet.days('days', judged, {
      formula: 'whole days that could be judged: by at least fourteen before them',
      inputs: ['ts_start'],
    });
    if (judged > 0) addCounts(sheet, all.length, largest.length);
    const unpriced = addUnpricedDays(sheet, observed);
    return sheet.report({
      rows: largest.sort((a, b) => (a.from < b.from ? -1 : 1)).map((event) => eventRow(sheet, event)),
      needs: ['daily spend'],
      covered: { part: judged > 0 ? 1n : 0n, whole: 1n },
      caveats: [
        ...(judged > 0 ? [] : ['No day has fourteen whole days before it that could tell whether it is unusual.']),
        ...unpriced,
      ],
    });
  }
}

const difference = ({ usd, expectedUsd }: Anomaly): number => Math.abs(usd - expectedUsd);

function addCounts(sheet: FactSheet, found: number, shown: number): void {
  const formula = 'runs of days with |z| above the threshold';
  const events = sheet.count('events', found, { formula, inputs: ['daily spend'] });
  sheet.count('events_shown', shown, { formula: 'those with the largest |cost − expected|', inputs: [events] });
}

function eventRow(sheet: FactSheet, event: Anomaly) {
  const path = `event.${event.from}`;
  const spent = estimateToNano(event.usd);
  const expected = estimateToNano(event.expectedUsd);
  const size = spent > expected ? spent - expected : expected - spent;
  const cost = sheet.usd(`${path}.cost`, spent, {
    formula: 'Σ cost of these days, to the cent',
    inputs: ['daily spend'],
  });
  const usual = sheet.usd(`${path}.expected`, expected, {
    formula: 'median of the same weekday in the weeks before, carried along their trend, on a log scale',
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
    difference_usd: usdDecimal(size),
    difference_fact: sheet.usd(`${path}.difference`, size, { formula: '|cost − expected|', inputs: [cost, usual] }),
  };
}
