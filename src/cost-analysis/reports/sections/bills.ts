import { plainText } from '../plain-text.js';
import { citation, citationIn, paragraphs, rowsOf, textOf, type ReportData } from '../report-data.js';

type Row = ReturnType<typeof rowsOf>[number];

/** What providers billed. Lines of a bill count as spend only on days without usage, so that no total says how much was billed. */
export const billsOf = (data: ReportData): readonly Row[] =>
  rowsOf(data, 'reconcile_costs').filter(({ kind }) => kind === 'bill');

const nameOf = (row: Row): string => plainText(textOf(row, 'name') ?? '');
const cited = (row: Row, key: string): string => citationIn(row, key) ?? '';

/** A bill on whose days there is no usage is the spend itself: nothing stands against it. */
const isCompared = (row: Row): boolean => textOf(row, 'gap_fact') !== undefined;

/** Every bill against the usage of its days in one line; undefined without a bill. */
export function billsAgainstUsage(data: ReportData): string | undefined {
  const bills = billsOf(data).map((row) => `${nameOf(row)} billed ${cited(row, 'billed_fact')}${against(row)}`);
  return bills.length === 0 ? undefined : `**Billed against usage:** ${bills.join('; ')}.`;
}

function against(row: Row): string {
  if (!isCompared(row)) return ', with no usage on those days to compare it with';
  const percent = citationIn(row, 'gap_percent_fact');
  return `, where usage on the same days comes to ${cited(row, 'usage_fact')}: a difference of ${cited(row, 'gap_fact')}${percent === undefined ? '' : `, ${percent} of the usage`}`;
}

/** A bill that does not say what the question is limited to: nobody knows what of it belongs there. Undefined without one. */
export function unsplitBill(data: ReportData): string | undefined {
  const row = rowsOf(data, 'reconcile_costs').find(({ kind }) => kind === 'unsplit_bill');
  return row === undefined
    ? undefined
    : `**Billed against usage:** the bill of ${nameOf(row)} is not split by ${plainText(textOf(row, 'by') ?? '')}, so that nothing of it can be compared with this usage.`;
}

/** The bills as a table, and what of them counts as spend; undefined without a bill. */
export function billTable(data: ReportData): string | undefined {
  const bills = billsOf(data);
  if (bills.length === 0) return undefined;
  const lines = bills.map((row) => {
    const [usage, gap] = isCompared(row)
      ? [cited(row, 'usage_fact'), cited(row, 'gap_fact')]
      : ['none', 'not compared'];
    return `| ${nameOf(row)} | ${cited(row, 'billed_fact')} | ${usage} | ${gap} |`;
  });
  return paragraphs(
    ['| Bill of | Billed | Usage on its days | Difference |', '| --- | ---: | ---: | ---: |', ...lines].join('\n'),
    bills.some(isCompared)
      ? 'On days with both a bill and usage of a provider, the usage counts as the spend; the bill is compared with it.'
      : undefined,
  );
}

/** Bills beside usage, a line each: they add nothing to the spend of the sources, so that no source shows them. */
export const billSources = (data: ReportData): string[] =>
  billsOf(data)
    .filter(isCompared)
    .map((row) => `Bill of ${nameOf(row)}: ${cited(row, 'billed_fact')}, compared with the usage of its days.`);

/** Who corrects a bill downwards sends what looks like an earlier export of it: nobody may take the sum for settled then. */
export function restatedNote(data: ReportData): string | undefined {
  const [rows, difference] = [
    citation(data, 'data_quality', 'restated_rows'),
    citation(data, 'data_quality', 'restated_difference'),
  ];
  if (rows === undefined || difference === undefined) return undefined;
  const one = data.facts.fact('data_quality', 'restated_rows')?.value === '1';
  return (
    `**Not settled:** ${rows} ${one ? 'bucket or line of a bill was' : 'buckets or lines of bills were'} imported twice with different costs, ` +
    `${difference} apart in all. The larger cost counts here; if the later file is the right one, import it again with \`supersedes=true\`.`
  );
}
