import type { PlannedCall } from '../../models/plan.js';
import type { RunFacts } from '../reports/run-facts.js';
import { dayAfter } from './asked-period.js';
import { given } from './calls-then-text.js';
import type { TriageFinding } from './findings.js';

const DAY_MS = 86_400_000;
/** "Why did spend change?" without a day and without an unusual one is about the last week. */
const USUAL_DAYS = 7;

/**
 * The explanation of a change: of the period that the question names, else of the unusual days that moved the most money, else of the last week of the
 * data. `before`: what triage saw; `now`: what the data agent has found.
 */
export function explainCalls(
  { intent, entities: { from, to }, where }: TriageFinding,
  { before, now }: { before: RunFacts; now: RunFacts },
): PlannedCall[] {
  const isPeriod = from !== undefined && to !== undefined;
  if (intent !== 'change' && !(intent === 'anomaly' && !isPeriod) && !(intent === 'comparison' && isPeriod)) return [];
  const period = isPeriod ? { from, to } : (largestEvent(now) ?? (intent === 'change' ? lastDays(before) : undefined));
  if (period === undefined) return [];
  const limits = Object.keys(where).length === 0 ? undefined : where;
  return [{ tool: 'explain_change', parameters: given({ ...period, where: limits }) }];
}

interface Days {
  readonly from: string;
  readonly to: string;
}

function largestEvent(facts: RunFacts): Days | undefined {
  const events = facts.report('detect_anomalies')?.rows ?? [];
  const [largest] = [...events].sort((a, b) => Number(b['difference_usd']) - Number(a['difference_usd']));
  const [from, last] = [largest?.['from'], largest?.['to']];
  return typeof from === 'string' && typeof last === 'string' ? { from, to: dayAfter(last) } : undefined;
}

function lastDays(facts: RunFacts): Days | undefined {
  const last = facts.fact('data_quality', 'last_day')?.value;
  if (last === undefined) return undefined;
  const to = dayAfter(last);
  return { from: new Date(Date.parse(to) - USUAL_DAYS * DAY_MS).toISOString().slice(0, 10), to };
}
