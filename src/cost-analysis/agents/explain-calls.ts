import type { PlannedCall } from '../../models/plan.js';
import type { RunFacts } from '../reports/run-facts.js';
import { unitBefore } from './asked-period.js';
import { dayAfter, daysAfter, DAY_MS } from './calendar.js';
import { given } from './calls-then-text.js';
import { allDaysOf, type TriageFinding } from './findings.js';
import type { Intent } from './intent-words.table.js';
import { calendarUnit } from './period-words.js';

/** "Why did spend change?" without a day and without an unusual one is about the last week. */
const USUAL_DAYS = 7;
/** A trend shows from two whole months up. */
const TREND_DAYS_MIN = 60;

/**
 * The explanation of a change: of the one that something is to be done about, of the period that the question names, else of the unusual days that moved the most money, else of the last week of the
 * data. Of unusual days within a period the largest are explained, not the period, and an overview explains nothing else. `before`: what triage saw; `now`: what the data agent has found.
 */
export function explainCalls(
  triage: TriageFinding,
  { before, now }: { before: RunFacts; now: RunFacts },
): PlannedCall[] {
  const { intent, entities, compare, about } = triage;
  if (about !== undefined) return [{ tool: 'explain_change', parameters: about }];
  const { from, to } = entities;
  const isPeriod = from !== undefined && to !== undefined;
  if (!isExplained(triage, isPeriod)) return [];
  const isLong = intent === 'trend' && compare === undefined && isPeriod && spanDays(from, to) >= TREND_DAYS_MIN;
  const isItself = isPeriod && !isLong && !OF_EVENTS.has(intent);
  const asked = isItself ? { from, to, compare_from: compare?.from, compare_to: compare?.to } : undefined;
  const period = asked ?? foundPeriod(triage, { before, now });
  if (period === undefined) return [];
  const told = entities.dimensions.filter((dimension) => triage.where[dimension] === undefined).slice(0, 3);
  const segments = told.length === 0 ? undefined : told;
  return [{ tool: 'explain_change', parameters: given({ ...allDaysOf(triage), ...period, segment_by: segments }) }];
}

/** Questions whose answer lists unusual days: the largest of them are explained, whatever period they are looked for in. */
const OF_EVENTS: ReadonlySet<Intent> = new Set<Intent>(['overview', 'anomaly']);

function foundPeriod(
  { intent, entities: { grain } }: TriageFinding,
  { before, now }: { before: RunFacts; now: RunFacts },
): Days | undefined {
  if (intent === 'trend') return lastUnits(before, grain === 'week' ? 'week' : 'month') ?? unitSoFar(before);
  if (OF_EVENTS.has(intent) || grain === undefined)
    return largestEvent(now) ?? (intent === 'change' ? lastDays(before) : undefined);
  return unitSoFar(before) ?? lastUnits(before, 'week') ?? (intent === 'change' ? lastDays(before) : undefined);
}

function isExplained({ intent, compare, days }: TriageFinding, isPeriod: boolean): boolean {
  switch (intent) {
    case 'change':
    case 'anomaly':
    case 'overview':
      return true;
    case 'comparison':
      return isPeriod && compare !== undefined;
    case 'trend':
      return isPeriod || (days !== null && days >= TREND_DAYS_MIN);
    default:
      return false;
  }
}

const spanDays = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

interface Days {
  readonly from: string;
  readonly to: string;
  readonly compare_from?: string | undefined;
  readonly compare_to?: string | undefined;
}

/** The last whole month or week of the data against the one before. */
function lastUnits(facts: RunFacts, unit: 'week' | 'month'): Days | undefined {
  const [first, last] = [facts.fact('data_quality', 'first_day')?.value, facts.fact('data_quality', 'last_day')?.value];
  if (first === undefined || last === undefined) return undefined;
  const latest = calendarUnit(unit, 1, last);
  const before = unitBefore(latest) ?? { from: daysAfter(latest.from, -USUAL_DAYS), to: latest.from };
  return before.from < first ? undefined : { ...latest, compare_from: before.from, compare_to: before.to };
}

/** The month in hand against as many days of the one before it. */
function unitSoFar(facts: RunFacts): Days | undefined {
  const [first, last] = [facts.fact('data_quality', 'first_day')?.value, facts.fact('data_quality', 'last_day')?.value];
  if (first === undefined || last === undefined) return undefined;
  const month = calendarUnit('month', 0, last);
  const before = unitBefore(month);
  const soFar = spanDays(month.from, dayAfter(last));
  if (before === undefined || before.from < first || soFar < USUAL_DAYS) return undefined;
  const asLong = daysAfter(before.from, soFar);
  // A longer month is held against the whole of a shorter one.
  return { ...month, compare_from: before.from, compare_to: asLong < before.to ? asLong : before.to };
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
  return { from: daysAfter(to, -USUAL_DAYS), to };
}
