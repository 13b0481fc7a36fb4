import { listed } from '../../agents/calls-then-text.js';
import { DIMENSIONS, type Dimension } from '../../tools/usage-scope.js';
import { plainText } from '../plain-text.js';
import { costIn } from './pricing.js';
import { citation, citationIn, paragraphs, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';

type Row = ReturnType<typeof rowsOf>[number];

/** What each effect means, where it made spend rise and where it made it fall. */
const EFFECTS: Readonly<Record<string, readonly [more: string, less: string]>> = {
  volume: ['more requests', 'fewer requests'],
  mix: ['a mix of dearer models and features', 'a mix of cheaper models and features'],
  tokens_per_request: ['longer requests', 'shorter requests'],
  price: ['higher prices for a token', 'lower prices for a token'],
  other: ['more cost that comes without tokens', 'less cost that comes without tokens'],
};
const TOKENS = ['more tokens', 'fewer tokens'] as const;

function effectWords(row: Row): string {
  const counted = textOf(row, 'effect') === 'volume' && textOf(row, 'basis') === 'tokens';
  const [more, less] = counted ? TOKENS : (EFFECTS[textOf(row, 'effect') ?? ''] ?? ['', '']);
  return (textOf(row, 'change_usd') ?? '').startsWith('-') ? less : more;
}

/** What a change is made of, and where it took place. */
export function changeSection(data: ReportData): Section | undefined {
  const rows = rowsOf(data, 'explain_change');
  const compared = comparedText(data);
  if (rows.length === 0 || compared === undefined) return undefined;
  const of = (kind: string): Row[] => rows.filter(({ row }) => row === kind);
  const effects = of('effect').map((row) => effectLine(row));
  return {
    key: 'change',
    title: 'What changed',
    body: paragraphs(
      compared,
      effects.length === 0 ? undefined : ['| Due to | Change |', '| --- | ---: |', ...effects].join('\n'),
      of('segment').length === 0 ? undefined : segmentTable(of('segment')),
      ...(data.facts.report('explain_change')?.caveats ?? []),
    ),
  };
}

function effectLine(row: Row): string {
  const words = effectWords(row);
  return `| ${words.charAt(0).toUpperCase()}${words.slice(1)} | ${citationIn(row, 'change_fact') ?? ''} |`;
}

function segmentTable(rows: readonly Row[]): string {
  const lines = rows.map(
    (row) =>
      `| ${segmentName(row)} | ${costIn(row, 'before_fact')} | ${costIn(row, 'after_fact')} | ${citationIn(row, 'change_fact') ?? '–'} |`,
  );
  return ['| Where | Before | Then | Change |', '| --- | ---: | ---: | ---: |', ...lines].join('\n');
}

/** "chat on gpt-4o". */
function segmentName(row: Row): string {
  const dimensions = DIMENSIONS.filter((dimension) => dimension in row);
  const nameIn = (dimension: Dimension): string => {
    const name = textOf(row, dimension);
    if (name !== undefined) return plainText(name);
    return dimensions.length > 1 ? 'untagged work' : `spend without a ${dimension.replace('_', ' ')}`;
  };
  const work = dimensions.filter((dimension) => dimension !== 'model').map(nameIn);
  if (!dimensions.includes('model')) return work.join(', ');
  return [...work, textOf(row, 'model') === undefined ? 'an unnamed model' : nameIn('model')].join(' on ');
}

/** "11 August 2026 to 12 August 2026 cost $90.00, against $30.00 on 4 August 2026 to 5 August 2026: a rise of $60.00 (200.0%)." */
function comparedText(data: ReportData): string | undefined {
  const cited = (path: string): string | undefined => citation(data, 'explain_change', path);
  const [before, after, change] = [cited('before'), cited('after'), cited('change')];
  if (data.facts.report('explain_change') === undefined) return undefined;
  if (before === undefined || after === undefined || change === undefined)
    return `${days(data, '')} cannot be compared with ${days(data, 'compare_')}: ${notPriced(before, after)} has a price.`;
  const percent = cited('change_percent');
  return `${days(data, '')} cost ${after}, against ${before} on ${days(data, 'compare_')}: ${hasRisen(data) ? 'a rise' : 'a change'} of ${change}${percent === undefined ? '' : ` (${percent})`}.`;
}

const notPriced = (before: string | undefined, after: string | undefined): string =>
  before === after
    ? 'no usage of either'
    : `no usage of the ${before === undefined ? 'days before' : 'days asked about'}`;

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
  const cause = causeText(data);
  return `${compared}${cause === undefined ? '' : ` Most of it is due to ${cause}.`}${unpricedUse(data)}`;
}

/** "more requests ($40.00), above all in chat on gpt-4o ($35.00)"; undefined where hardly anything changed. */
function causeText(data: ReportData): string | undefined {
  const effect = isHardlyAny(data) ? undefined : mainEffect(data);
  if (effect === undefined) return undefined;
  const shown = rowsAlong(data, 'segment').slice(0, data.triage.entities.dimensions.length > 0 ? SEGMENTS_ASKED : 1);
  const where = shown.map((segment) => `${segmentName(segment)} (${citationIn(segment, 'change_fact') ?? ''})`);
  const place = where.length === 0 ? '' : `, above all in ${listed(where)}`;
  return `${effectWords(effect)} (${citationIn(effect, 'change_fact') ?? ''})${place}`;
}

/**
 * What unusual days are due to, where they were explained: a sentence. Undefined where the days that they are compared with cost nothing, or were
 * as unusual themselves: then the difference explains nothing.
 */
export function eventCause(data: ReportData, event: Row): string | undefined {
  const value = (path: string): string | undefined => data.facts.fact('explain_change', path)?.value;
  const isOfEvent = value('from') === textOf(event, 'from') && value('to') === textOf(event, 'to');
  const isAlong = hasRisen(data) === (textOf(event, 'direction') === 'spike');
  const cause = isOfEvent && isAlong && Number(value('before')) > 0 ? causeText(data) : undefined;
  return cause === undefined
    ? undefined
    : `Compared with ${days(data, 'compare_')}, at ${citation(data, 'explain_change', 'before') ?? ''}, most of the difference is due to ${cause}.${unpricedUse(data)}`;
}

/** Work that moved to a model without a price would otherwise seem to have become cheaper. */
function unpricedUse(data: ReportData): string {
  const cited = (path: string): string | undefined => citation(data, 'explain_change', `unpriced_tokens_${path}`);
  const [before, after] = [cited('before'), cited('after')];
  return before === undefined || after === undefined
    ? ''
    : ` Usage without a price is in neither cost: ${before} tokens before, ${after} tokens then.`;
}

const SEGMENTS_ASKED = 3;

/** What moved up and down within so small a change explains nothing of it. */
const EXPLAINED_PERCENT_MIN = 1;
const isHardlyAny = ({ facts }: ReportData): boolean =>
  Math.abs(Number(facts.fact('explain_change', 'change_percent')?.value ?? EXPLAINED_PERCENT_MIN)) <
  EXPLAINED_PERCENT_MIN;

/** What worked against the change explains nothing of it. */
const rowsAlong = (data: ReportData, kind: 'effect' | 'segment'): Row[] =>
  rowsOf(data, 'explain_change').filter(
    (row) => row['row'] === kind && textOf(row, 'change_usd')?.startsWith('-') === !hasRisen(data),
  );

const mainEffect = (data: ReportData): Row | undefined => rowsAlong(data, 'effect').sort(largestFirst)[0];

/** What most of a rise is due to, by its key and in words; undefined where nothing rose. */
export function causeOfRise(data: ReportData): { readonly effect: string; readonly words: string } | undefined {
  const row = hasRisen(data) ? mainEffect(data) : undefined;
  return row === undefined ? undefined : { effect: textOf(row, 'effect') ?? '', words: effectWords(row) };
}

/** Whether the period cost more than the one that it is compared with. */
export const hasRisen = ({ facts }: ReportData): boolean =>
  Number(facts.fact('explain_change', 'change')?.value ?? '0') > 0;

const largestFirst = (a: Row, b: Row): number =>
  Math.abs(Number(textOf(b, 'change_usd'))) - Math.abs(Number(textOf(a, 'change_usd')));
