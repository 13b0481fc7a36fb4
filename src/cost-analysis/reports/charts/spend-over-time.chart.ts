import type { JsonObject } from '../../../context/json.js';
import { citation, rowsOf, textOf, type ReportData } from '../report-data.js';
import type { Chart, ChartRow } from './chart.js';

const DAY_MS = 86_400_000;
const DAYS_MIN = 3;

/** Spend by day, its unusual days, and where it is expected to go. */
export function spendOverTime(data: ReportData): Chart | undefined {
  const series = rowsOf(data, 'make_chart').find(({ chart }) => chart === 'spend_over_time');
  const days = series === undefined ? [] : daysOf(series);
  const last = days.at(-1);
  if (days.length < DAYS_MIN || last === undefined) return undefined;
  const unusual = rowsOf(data, 'detect_anomalies').flatMap((event) => daysWithin(event, days));
  const forecast = forecastAfter(last.day, data);
  return {
    kind: 'spend_over_time',
    title: 'Spend by day',
    alternative_text: alternativeText(data, {
      unusual: unusual.length > 0,
      forecast: forecast.length > 0,
      last: last.day,
    }),
    data: { days, unusual, forecast },
  };
}

type Day = { readonly day: string; readonly usd: number };

function daysOf(series: JsonObject): Day[] {
  const { first_day: first, usd } = series;
  if (typeof first !== 'string' || !Array.isArray(usd)) return [];
  // Null is a day without a price: the line passes over it.
  return usd.flatMap((amount, index) =>
    amount === null ? [] : [{ day: dayAfter(first, index), usd: Number(amount) }],
  );
}

const daysWithin = (event: JsonObject, days: readonly Day[]): Day[] => {
  const [from, to] = [textOf(event, 'from') ?? '', textOf(event, 'to') ?? ''];
  return days.filter(({ day }) => day >= from && day <= to);
};

/** The range of what is expected, spread evenly over its days; without one, the line alone. */
function forecastAfter(last: string, data: ReportData): ChartRow[] {
  const fact = (path: string): number => Number(data.facts.fact('forecast_spend', path)?.value ?? Number.NaN);
  const [horizon, daily] = [fact('horizon'), fact('daily')];
  if (!(horizon > 0) || !(daily >= 0)) return [];
  // Total and bounds are of the whole period that is asked about; what is spent of it is certain.
  const spent = fact('spent') || 0;
  const expected = fact('total') - spent;
  const [low, high] = [fact('low'), fact('high')].map((bound) =>
    Number.isNaN(bound) || !(expected > 0) ? daily : (daily * (bound - spent)) / expected,
  );
  const first = forecastStart(last, data);
  return Array.from({ length: horizon }, (_none, index) => ({
    day: dayAfter(first, index),
    expected: daily,
    low: low ?? daily,
    high: high ?? daily,
  }));
}

/** The day after the data, or the first of a period that begins later: the days in between are in no figure. */
function forecastStart(last: string, { facts }: ReportData): string {
  const [next, target] = [dayAfter(last, 1), facts.fact('forecast_spend', 'target_from')?.value ?? ''];
  return target > next ? target : next;
}

const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

function alternativeText(data: ReportData, shows: { unusual: boolean; forecast: boolean; last: string }): string {
  const drawn = citation(data, 'make_chart', 'days');
  const ahead = citation(data, 'forecast_spend', 'horizon');
  const isLater = forecastStart(shows.last, data) > dayAfter(shows.last, 1);
  const when = isLater
    ? `the ${ahead ?? ''} from ${citation(data, 'forecast_spend', 'target_from') ?? ''}`
    : `the next ${ahead ?? ''}`;
  return [
    `Line chart of spend by day${drawn === undefined ? '' : ` over ${drawn}`}.`,
    ...(shows.unusual ? ['Unusual days are marked with dots.'] : []),
    ...(shows.forecast && ahead !== undefined
      ? [`A dashed line shows what is expected over ${when}, a band its range.`]
      : []),
  ].join(' ');
}
