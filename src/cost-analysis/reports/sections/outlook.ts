import { citation, citationIn, paragraphs, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';

const EVENTS_SHOWN_MAX = 5;

/** Unusual days, or why they can't be told. */
export function anomalies(data: ReportData): Section | undefined {
  if (data.facts.report('data_quality') === undefined && data.facts.report('detect_anomalies') === undefined)
    return undefined;
  const days = citation(data, 'detect_anomalies', 'days');
  const events = rowsOf(data, 'detect_anomalies').slice(0, EVENTS_SHOWN_MAX);
  const judged = data.facts.fact('detect_anomalies', 'events') !== undefined;
  const body = !judged
    ? `Unusual days cannot be told yet: that takes fourteen whole days of usage, and there is usage on ${citation(data, 'data_quality', 'days') ?? 'too few'}.`
    : events.length === 0
      ? `No unusual day in ${days ?? ''} of usage.`
      : events.map(eventLine).join('\n');
  return { key: 'anomalies', title: 'Unusual days', body };
}

function eventLine(event: ReturnType<typeof rowsOf>[number]): string {
  const [from, to] = [citationIn(event, 'from_fact') ?? '', citationIn(event, 'to_fact') ?? ''];
  const when = textOf(event, 'from') === textOf(event, 'to') ? from : `${from} to ${to}`;
  const excess =
    textOf(event, 'direction') === 'spike'
      ? `, ${citationIn(event, 'excess_fact') ?? ''} more than usual`
      : ', less than usual';
  return `- ${when}: ${citationIn(event, 'cost_fact') ?? ''} against an expected ${citationIn(event, 'expected_fact') ?? ''}${excess}.`;
}

/** What the coming weeks will cost, or why nobody can say. */
export function forecast(data: ReportData): Section | undefined {
  if (data.facts.report('data_quality') === undefined && data.facts.report('forecast_spend') === undefined)
    return undefined;
  const [row] = rowsOf(data, 'forecast_spend');
  const horizon = citation(data, 'forecast_spend', 'horizon') ?? '';
  if (row === undefined) {
    const days = citation(data, 'data_quality', 'days') ?? 'too few days';
    return {
      key: 'forecast',
      title: 'Outlook',
      body: `There is no forecast: it takes at least three whole days of usage, and there is usage on ${days}.`,
    };
  }
  const total = citationIn(row, 'total_fact') ?? '';
  const [low, high, error] = [citationIn(row, 'low_fact'), citationIn(row, 'high_fact'), citationIn(row, 'error_fact')];
  const body =
    low === undefined || high === undefined
      ? paragraphs(
          `If usage goes on as on the mean day so far, the ${horizon} after the data ends would cost ${total}. With so little history there is no honest range.`,
        )
      : paragraphs(
          `The ${horizon} after the data ends are expected to cost ${total}, likely between ${low} and ${high}.`,
          error === undefined ? undefined : `Tested on the past, this kind of forecast was off by ${error} on average.`,
        );
  return { key: 'forecast', title: 'Outlook', body };
}
