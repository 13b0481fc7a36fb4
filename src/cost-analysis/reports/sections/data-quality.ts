import { citation, citationIn, paragraphs, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';

/** What the data lacks and what that costs the analysis. */
export function dataQuality(data: ReportData): Section | undefined {
  const rows = rowsOf(data, 'data_quality');
  if (rows.length === 0) return undefined;
  const missing = rows.filter((row) => data.triage.missing.includes(textOf(row, 'field') ?? ''));
  const hows = new Map(data.missing.map(({ field, how }) => [field, how]));
  const lines = missing.map((row) => {
    const field = textOf(row, 'field') ?? '';
    const how = hows.get(field);
    return `- ${field}, for ${textOf(row, 'enables') ?? ''}.${how === undefined ? '' : ` How: ${how}.`}`;
  });
  const thin = rows.filter(
    (row) => !missing.includes(row) && row['coverage'] !== '1.0000' && citationIn(row, 'fact') !== undefined,
  );
  const covered = thin.map((row) => `${textOf(row, 'field') ?? ''} ${citationIn(row, 'fact') ?? ''}`);
  return {
    key: 'data_quality',
    title: 'What the data carries',
    body: paragraphs(
      `The data has ${citation(data, 'data_quality', 'rows') ?? ''} usage records on ${citation(data, 'data_quality', 'days') ?? ''}.`,
      lines.length === 0 ? 'No known field is missing.' : `Missing:\n\n${lines.join('\n')}`,
      covered.length === 0 ? undefined : `Present for a part of spend only: ${covered.join(', ')}.`,
    ),
  };
}
