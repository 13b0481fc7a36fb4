import { eventCause } from './change.js';
import { beyondReach, expectedText } from './looking-ahead.js';
import { unpricedDays } from './pricing.js';
import { citation, citationIn, paragraphs, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';

type Row = ReturnType<typeof rowsOf>[number];

/** Unusual days, or why they can't be told. */
export function anomalies(data: ReportData): Section | undefined {
  if (data.facts.report('data_quality') === undefined && data.facts.report('detect_anomalies') === undefined)
    return undefined;
  const days = citation(data, 'detect_anomalies', 'days');
  const events = rowsOf(data, 'detect_anomalies');
  const judged = data.facts.fact('detect_anomalies', 'events') !== undefined;
  const body = !judged
    ? `Unusual days cannot be told yet: that takes fourteen whole days of priced usage before a day, and there is usage on ${citation(data, 'data_quality', 'days') ?? 'too few'}.`
    : events.length === 0
      ? `No unusual day in the ${days ?? ''} that could be judged.`
      : paragraphs(eventsShown(data), events.map((event) => `- ${eventLine(data, event)}`).join('\n'));
  return { key: 'anomalies', title: 'Unusual days', body: paragraphs(body, unpricedDays(data, 'detect_anomalies')) };
}

/** Where the cause has a section of its own, it is not told here as well. */
function eventLine(data: ReportData, event: Row): string {
  const { intent } = data.triage;
  const cause = intent === 'change' || intent === 'anomaly' ? undefined : eventCause(data, event);
  return `${eventText(event)}.${cause === undefined ? '' : ` ${cause}`}`;
}

function eventsShown(data: ReportData): string | undefined {
  const [shown, all] = [
    citation(data, 'detect_anomalies', 'events_shown'),
    citation(data, 'detect_anomalies', 'events'),
  ];
  const some = rowsOf(data, 'detect_anomalies').length < Number(data.facts.fact('detect_anomalies', 'events')?.value);
  return some ? `The largest ${shown ?? ''} of ${all ?? ''}, by date:` : undefined;
}

/** "12 August 2026: $90.00 against an expected $30.00, $60.00 more than usual". */
export function eventText(event: Row): string {
  const [from, to] = [citationIn(event, 'from_fact') ?? '', citationIn(event, 'to_fact') ?? ''];
  const when = textOf(event, 'from') === textOf(event, 'to') ? from : `${from} to ${to}`;
  const kind = textOf(event, 'direction') === 'spike' ? 'more than usual' : 'less than usual';
  return `${when}: ${citationIn(event, 'cost_fact') ?? ''} against an expected ${citationIn(event, 'expected_fact') ?? ''}, ${citationIn(event, 'difference_fact') ?? ''} ${kind}`;
}

/** The event that moved the most money. */
export const largestEvent = (data: ReportData): Row | undefined =>
  [...rowsOf(data, 'detect_anomalies')].sort(
    (a, b) => Number(textOf(b, 'difference_usd')) - Number(textOf(a, 'difference_usd')),
  )[0];

/** What the coming weeks will cost, or why nobody can say. */
export function forecast(data: ReportData): Section | undefined {
  if (data.facts.report('data_quality') === undefined && data.facts.report('forecast_spend') === undefined)
    return undefined;
  return {
    key: 'forecast',
    title: 'Outlook',
    body: paragraphs(forecastText(data), unpricedDays(data, 'forecast_spend')),
  };
}

function forecastText(data: ReportData): string {
  const [row] = rowsOf(data, 'forecast_spend');
  const horizon = citation(data, 'forecast_spend', 'horizon') ?? '';
  if (row === undefined) {
    const days = citation(data, 'data_quality', 'days') ?? 'too few days';
    return `There is no forecast: ${beyondReach(data) ?? `it takes at least three whole days of priced usage, and there is usage on ${days}.`}`;
  }
  const [low, high, error] = [citationIn(row, 'low_fact'), citationIn(row, 'high_fact'), citationIn(row, 'error_fact')];
  const tested =
    error === undefined ? undefined : `Tested on the past, this kind of forecast was off by ${error} on average.`;
  if (data.facts.fact('forecast_spend', 'target_from') !== undefined)
    return paragraphs(expectedText(data, row).replaceAll('**', ''), tested);
  const total = citationIn(row, 'total_fact') ?? '';
  return low === undefined || high === undefined
    ? `If usage goes on as on the mean day so far, the ${horizon} after the data ends would cost ${total}. With so little history there is no honest range.`
    : paragraphs(
        `The ${horizon} after the data ends are expected to cost ${total}, likely between ${low} and ${high}.`,
        tested,
      );
}
