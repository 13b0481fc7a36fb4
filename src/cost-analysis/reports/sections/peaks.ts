import { citationIn, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';

/** Days, weeks or months in the order of what they cost. */
export function peakAnswer(data: ReportData): string[] {
  const { grain = 'day' } = data.triage.entities;
  const from = grain === 'day' ? '' : 'the one from ';
  const [first, ...others] = peakRows(data).map(
    (row) => `${from}${citationIn(row, 'period_fact') ?? ''} with ${citationIn(row, 'cost_fact') ?? ''}`,
  );
  if (first === undefined) return [`**Most expensive ${grain}:** there is no usage to tell.`];
  return [
    `**Most expensive ${grain}:** ${first}${others.length === 0 ? '' : `; then ${others.slice(0, 2).join('; ')}`}.`,
  ];
}

export function peaks(data: ReportData): Section | undefined {
  const rows = peakRows(data);
  const { grain = 'day' } = data.triage.entities;
  if (rows.length < 2) return undefined;
  const lines = rows.map(
    (row) => `| ${citationIn(row, 'period_fact') ?? ''} | ${citationIn(row, 'cost_fact') ?? ''} |`,
  );
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
