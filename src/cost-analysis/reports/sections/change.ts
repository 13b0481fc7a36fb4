import { plainText } from '../plain-text.js';
import { citation, citationIn, paragraphs, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';

type Row = ReturnType<typeof rowsOf>[number];

const EFFECTS: Readonly<Record<string, string>> = {
  volume: 'more or fewer requests',
  mix: 'another mix of models and features',
  tokens_per_request: 'longer or shorter requests',
  price: 'other prices for a token',
  other: 'cost that comes without tokens',
};

/** What a change is made of, and where it took place. */
export function changeSection(data: ReportData): Section | undefined {
  const rows = rowsOf(data, 'explain_change');
  const compared = comparedText(data);
  if (rows.length === 0 || compared === undefined) return undefined;
  const of = (kind: string): Row[] => rows.filter(({ row }) => row === kind);
  return {
    key: 'change',
    title: 'What changed',
    body: paragraphs(
      compared,
      ['| Due to | Change |', '| --- | ---: |', ...of('effect').map((row) => effectLine(row))].join('\n'),
      of('segment').length === 0 ? undefined : segmentTable(of('segment')),
      ...(data.facts.report('explain_change')?.caveats ?? []),
    ),
  };
}

function effectLine(row: Row): string {
  const counted = textOf(row, 'effect') === 'volume' && textOf(row, 'basis') === 'tokens';
  const words = counted ? 'more or fewer tokens' : (EFFECTS[textOf(row, 'effect') ?? ''] ?? '');
  return `| ${words.charAt(0).toUpperCase()}${words.slice(1)} | ${citationIn(row, 'change_fact') ?? ''} |`;
}

function segmentTable(rows: readonly Row[]): string {
  const lines = rows.map(
    (row) =>
      `| ${segmentName(row)} | ${citationIn(row, 'before_fact') ?? ''} | ${citationIn(row, 'after_fact') ?? ''} | ${citationIn(row, 'change_fact') ?? ''} |`,
  );
  return ['| Where | Before | Then | Change |', '| --- | ---: | ---: | ---: |', ...lines].join('\n');
}

/** "chat on gpt-4o". */
const segmentName = (row: Row): string =>
  `${plainText(textOf(row, 'feature') ?? '(no feature)')} on ${plainText(textOf(row, 'model') ?? '(no model)')}`;

/** "11 August 2026 to 12 August 2026 cost $90.00, against $30.00 on 4 August 2026 to 5 August 2026: a change of $60.00, 200.0%." */
function comparedText(data: ReportData): string | undefined {
  const cited = (path: string): string | undefined => citation(data, 'explain_change', path);
  const [before, after, change] = [cited('before'), cited('after'), cited('change')];
  if (before === undefined || after === undefined || change === undefined) return undefined;
  const percent = cited('change_percent');
  return `${days(data, '')} cost ${after}, against ${before} on ${days(data, 'compare_')}: a change of ${change}${percent === undefined ? '' : `, ${percent}`}.`;
}

function days(data: ReportData, prefix: string): string {
  const value = (path: string): string | undefined => data.facts.fact('explain_change', path)?.value;
  const [from, to] = [`${prefix}from`, `${prefix}to`];
  const cited = (path: string): string => citation(data, 'explain_change', path) ?? '';
  return value(from) === value(to) ? cited(from) : `${cited(from)} to ${cited(to)}`;
}

/** The answer in one line: how much, mostly due to what, mostly where. */
export function changeAnswer(data: ReportData): string | undefined {
  const compared = comparedText(data);
  if (compared === undefined) return undefined;
  const rows = rowsOf(data, 'explain_change');
  const [effect] = rows.filter(({ row }) => row === 'effect').sort(largestFirst);
  const [segment] = rows.filter(({ row }) => row === 'segment');
  const cause =
    effect === undefined
      ? ''
      : ` Most of it is due to ${EFFECTS[textOf(effect, 'effect') ?? ''] ?? ''} (${citationIn(effect, 'change_fact') ?? ''})`;
  const where =
    segment === undefined ? '' : `, above all in ${segmentName(segment)} (${citationIn(segment, 'change_fact') ?? ''})`;
  return `${compared}${cause === '' ? '' : `${cause}${where}.`}`;
}

const largestFirst = (a: Row, b: Row): number =>
  Math.abs(Number(textOf(b, 'change_usd'))) - Math.abs(Number(textOf(a, 'change_usd')));
