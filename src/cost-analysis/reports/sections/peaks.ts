import { costIn } from './pricing.js';
import { citationIn, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';

/** Days, weeks or months in the order of what they cost. */
export function peakAnswer(data: ReportData): string[] {
  const { grain = 'day' } = data.triage.entities;
  const from = grain === 'day' ? '' : 'the one from ';
  const rows = peakRows(data);
  const [first, ...others] = rows.flatMap((row) => {
    const cost = citationIn(row, 'cost_fact');
    return cost === undefined ? [] : [`${from}${citationIn(row, 'period_fact') ?? ''} with ${cost}`];
  });
  if (first === undefined)
    return [
      `**Most expensive ${grain}:** ${rows.length === 0 ? 'there is no usage to tell' : 'no usage has a price'}.`,
    ];
  return [
    `**Most expensive ${grain}:** ${first}${others.length === 0 ? '' : `; then ${others.slice(0, 2).join('; ')}`}.`,
  ];
}

export function peaks(data: ReportData): Section | undefined {
  const rows = peakRows(data);
  const { grain = 'day' } = data.triage.entities;
  if (rows.length < 2) return undefined;
  const lines = rows.map((row) => `| ${citationIn(row, 'period_fact') ?? ''} | ${costIn(row)} |`);
  return {
    key: 'peaks',
    title: `The most expensive ${grain}s`,
    body: [
      `| ${grain === 'day' ? 'Day' : `${grain === 'week' ? 'Week' : 'Month'} from`} | Cost |`,
      '| --- | ---: |',
      ...lines,
    ].join('\n'),
  };
}

const peakRows = (data: ReportData) => rowsOf(data, 'query_usage').filter((row) => textOf(row, 'period') !== undefined);
