import { costIn } from './pricing.js';
import { citationIn, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';

/** Spend by week or month, the latest last. A first or last one may be covered only in part. */
export function trend(data: ReportData): Section | undefined {
  const rows = rowsOf(data, 'query_usage').filter((row) => textOf(row, 'period') !== undefined);
  if (rows.length < 2) return undefined;
  const isMonthly = (textOf(rows[0] ?? {}, 'period') ?? '').length === 'YYYY-MM'.length;
  const lines = [...rows].reverse().map((row) => `| ${citationIn(row, 'period_fact') ?? ''} | ${costIn(row)} |`);
  return {
    key: 'trend',
    title: 'How spend developed',
    body: [
      `| ${isMonthly ? 'Month' : 'Week'} from | Cost |`,
      '| --- | ---: |',
      ...lines,
      '',
      'The first and the last one may be covered in part only.',
    ].join('\n'),
  };
}
