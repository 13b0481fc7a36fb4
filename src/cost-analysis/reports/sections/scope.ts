import { notTold } from './not-told.js';
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
  const day = (path: string): string | undefined => data.facts.fact('data_quality', path)?.value;
  return to === undefined ? `from ${from}` : day('asked_from') === day('asked_to') ? from : `${from} to ${to}`;
}

/** What stands before every figure: names that the data does not have, and what the figures are limited to instead of everything. */
export function scopeNotes(data: ReportData): string {
  const { unknown, nothing_in_scope: nothing, period_words: words, about } = data.triage;
  const scope = scopeText(data);
  const counted = words === undefined ? '' : ` “${plainText(words)}” is counted from the last day of the data.`;
  const beyond =
    askedPeriod(data) === undefined || !looksBeyond(data)
      ? ''
      : ' Only the outlook, and what counts as usual, rest on days outside it too.';
  return paragraphs(
    alsoAsked(data),
    notTold(data),
    ...unknown.map((one) => unknownText(one)),
    nothing
      ? `There is no usage in what the question limits itself to; the data runs from ${citation(data, 'data_quality', 'first_day') ?? ''} to ${citation(data, 'data_quality', 'last_day') ?? ''}. The figures below are for all of it.`
      : undefined,
    scope === undefined
      ? undefined
      : `**These figures cover only:** ${scope}.${counted}${beyond}${about === undefined ? '' : ' That is where most of what the answer before explains took place.'}`,
  );
}

/** One answer says one thing: who asked two hears which one this is, and how to get the other. */
function alsoAsked({ triage: { asked, also } }: ReportData): string | undefined {
  if (asked === undefined || also.length === 0) return undefined;
  const rest = also.map((one) => `“${plainText(one)}”`).join(' and ');
  return `**You asked more than one thing:** this answers “${plainText(asked)}”. Ask next: ${rest}`;
}

/** Whether the report has figures that rest on all days whatever the question limits itself to. */
const looksBeyond = ({ facts }: ReportData): boolean =>
  facts.report('forecast_spend') !== undefined || facts.report('detect_anomalies') !== undefined;

function unknownText({ dimension, value, known }: ReportData['triage']['unknown'][number]): string {
  const [asked, notLimited] = [`“${plainText(value)}”`, 'The figures below are not limited to it.'];
  if (dimension === 'user') return `Users are stored as hashes only, so ${asked} cannot be looked up. ${notLimited}`;
  if (dimension === undefined)
    return `Nothing in the data is called ${asked}: no team, feature, project, provider or model. ${notLimited}`;
  const [kind, names] = [dimension.replace('_', ' '), known.map(plainText).join(', ')];
  const others = names === '' ? `no usage names a ${kind}` : `the data knows ${names}`;
  return `There is no ${kind} ${asked} in the data; ${others}. ${notLimited}`;
}
