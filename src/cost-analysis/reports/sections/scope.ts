import { plainText } from '../plain-text.js';
import { citation, paragraphs, type ReportData } from '../report-data.js';

/** What the figures are limited to, in a few words: "team support, 1 July 2026 to 31 July 2026"; undefined when to nothing. */
export function scopeText(data: ReportData): string | undefined {
  const named = Object.entries(data.triage.where).map(
    ([dimension, name]) => `${dimension.replace('_', ' ')} ${plainText(name)}`,
  );
  const period = askedPeriod(data);
  const parts = [...named, ...(period === undefined ? [] : [period])];
  return parts.length === 0 ? undefined : parts.join(', ');
}

export const scopeOfNames = (data: ReportData): string =>
  Object.entries(data.triage.where)
    .map(([dimension, name]) => `, ${dimension.replace('_', ' ')} ${plainText(name)}`)
    .join('');

function askedPeriod(data: ReportData): string | undefined {
  const [from, to] = [citation(data, 'data_quality', 'asked_from'), citation(data, 'data_quality', 'asked_to')];
  if (from === undefined) return to === undefined ? undefined : `up to ${to}`;
  return to === undefined ? `from ${from}` : from === to ? from : `${from} to ${to}`;
}

/** What stands before every figure: names that the data does not have, and what the figures are limited to instead of everything. */
export function scopeNotes(data: ReportData): string {
  const { unknown, nothing_in_scope: nothing, period_words: words } = data.triage;
  const scope = scopeText(data);
  const counted =
    words === undefined ? '' : ` “${plainText(words)}” is counted from the end of the data, not from today.`;
  const beyond =
    askedPeriod(data) === undefined ? '' : ' Only the outlook, and what counts as usual, rest on days outside it too.';
  return paragraphs(
    ...unknown.map(({ dimension, value, known }) => unknownText(dimension.replace('_', ' '), value, known)),
    nothing
      ? `There is no usage in what the question limits itself to; the data runs from ${citation(data, 'data_quality', 'first_day') ?? ''} to ${citation(data, 'data_quality', 'last_day') ?? ''}. The figures below are for all of it.`
      : undefined,
    scope === undefined ? undefined : `**These figures cover only:** ${scope}.${counted}${beyond}`,
  );
}

function unknownText(dimension: string, value: string, known: readonly string[]): string {
  const names = known.map(plainText).join(', ');
  const others = names === '' ? `no usage names a ${dimension}` : `the data knows ${names}`;
  return `There is no ${dimension} “${plainText(value)}” in the data; ${others}. The figures below are not limited to it.`;
}
