import { cite } from '../reports/grounding.js';
import type { RunFacts } from '../reports/run-facts.js';

const UNREPORTED = 'There is no reported cost to reconcile with.';
const UNSPLIT = 'The bill is not split by what the question is limited to.';

/** What the tools came to in a few sentences, numbers by citation. */
export function dataSummary(facts: RunFacts): string {
  const id = (tool: string, path: string): string | undefined => facts.fact(tool, path)?.id;
  const total = id('cost_breakdown', 'total');
  const gap = id('reconcile_costs', 'gap');
  const rows = facts.report('reconcile_costs')?.rows ?? [];
  const bills = rows.filter(({ kind }) => kind === 'bill');
  const events = id('detect_anomalies', 'events');
  const forecast = id('forecast_spend', 'total');
  const [change, after] = [id('explain_change', 'change'), id('explain_change', 'after')];
  const [from, to] = [id('explain_change', 'from'), id('explain_change', 'to')];
  const horizon = id('forecast_spend', 'horizon');
  return [
    ...(total === undefined ? [] : [`Spend is ${cite(total)}.`]),
    ...bills.flatMap(({ gap_fact: over }) => (typeof over === 'string' ? [`Billed minus used is ${cite(over)}.`] : [])),
    ...(gap !== undefined ? [`Reported minus recomputed cost is ${cite(gap)}.`] : []),
    ...(gap === undefined && bills.length === 0
      ? [rows.some(({ kind }) => kind === 'unsplit_bill') ? UNSPLIT : UNREPORTED]
      : []),
    ...(events === undefined ? [] : [`Unusual events found: ${cite(events)}.`]),
    ...(forecast === undefined || horizon === undefined
      ? []
      : [`Expected over the next ${cite(horizon)}: ${cite(forecast)}.`]),
    ...(change === undefined || after === undefined || from === undefined || to === undefined
      ? []
      : [
          `The days from ${cite(from)} to ${cite(to)} cost ${cite(after)}; against those they are compared with that is a change of ${cite(change)}.`,
        ]),
  ].join(' ');
}
