import { listed } from '../../agents/calls-then-text.js';
import { SAVING_WORDS } from '../../agents/saving-words.table.js';
import { TOPIC_TOOLS } from '../../agents/saving-topics.js';
import { confidenceOf } from '../../tools/savings/confidence.js';
import type { SavingKind } from '../../tools/savings/saving.js';
import { plainText } from '../plain-text.js';
import { citation, citationIn, paragraphs, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';
import { savingTerms } from './saving-terms.js';

type Row = ReturnType<typeof rowsOf>[number];

interface Analysis {
  readonly tool: string;
  readonly title: string;
  /** What kind of saving it finds; a cheap model first takes the same test as moving there. */
  readonly saving?: SavingKind;
  /** Columns of its table after the name: heading and the row's field that names the fact. */
  readonly columns: readonly (readonly [heading: string, fact: string])[];
  /** The fact that says what all of it costs, and the one that says which part of spend that is. */
  readonly total?: { readonly cost: string; readonly share: string };
}

const RANGE = [
  ['Saving, low', 'low_fact'],
  ['Saving, high', 'high_fact'],
] as const;

const ANALYSES: readonly Analysis[] = [
  {
    tool: 'retry_waste',
    title: 'Failed and repeated calls',
    saving: 'retry',
    columns: [['Cost', 'cost_fact']],
    total: { cost: 'waste', share: 'waste_share' },
  },
  {
    tool: 'duplicate_requests',
    title: 'Prompts that come again',
    saving: 'duplicates',
    columns: [
      ['Repeated calls', 'calls_fact'],
      ['Their cost', 'cost_fact'],
    ],
  },
  {
    tool: 'oversized_context',
    title: 'Unusually long inputs',
    saving: 'context',
    columns: [['Limit, high', 'cap_low_fact'], ['Limit, low', 'cap_high_fact'], ...RANGE],
  },
  {
    tool: 'output_cap',
    title: 'Limits on answers',
    saving: 'output_cap',
    columns: [['Limit, high', 'cap_low_fact'], ['Limit, low', 'cap_high_fact'], ...RANGE],
  },
  {
    tool: 'cache_opportunity',
    title: 'Prompt caching',
    saving: 'caching',
    columns: [['Reusable', 'reusable_share_fact'], ...RANGE, ['Everything for an hour', 'everything_hour_fact']],
  },
  {
    tool: 'batch_opportunity',
    title: 'Work that can wait',
    saving: 'batch',
    columns: [['Cost', 'cost_fact'], ...RANGE],
  },
  {
    tool: 'cascade_break_even',
    title: 'A cheap model first',
    saving: 'substitution',
    columns: [['Pays up to', 'break_even_fact'], ...RANGE],
  },
  {
    tool: 'commitment_break_even',
    title: 'Committing to a spend',
    columns: [
      ['Pays if used', 'break_even_fact'],
      ['Best a month', 'amount_fact'],
      ['Used', 'used_fact'],
      ['Saving', 'saving_fact'],
    ],
  },
  {
    tool: 'latency_cost_tradeoff',
    title: 'Cost and speed',
    columns: [
      ['Cost of a call', 'call_cost_fact'],
      ['Median', 'p50_fact'],
      ['Slowest twentieth from', 'p95_fact'],
    ],
  },
  { tool: 'price_performance_frontier', title: 'All usage on one model', columns: [['Cost', 'cost_fact']] },
  {
    tool: 'search_prices',
    title: 'Prices per 1M tokens',
    columns: [
      ['Input', 'input_fact'],
      ['Cached input', 'cache_read_fact'],
      ['Output', 'output_fact'],
    ],
  },
];

const TOPIC_INTENTS: readonly string[] = ['savings', 'what_if'];

/** The single analyses that a question asked for; undefined when it asked for none. */
export function analyses(data: ReportData): Section | undefined {
  if (data.triage.topics.length === 0 || !TOPIC_INTENTS.includes(data.triage.intent)) return undefined;
  const shown = askedAnalyses(data);
  if (shown.length === 0) return undefined;
  const [first] = shown;
  return {
    key: 'analyses',
    title: shown.length === 1 && first !== undefined ? first.title : 'What you asked about',
    body: paragraphs(...shown.flatMap((analysis) => analysisText(data, analysis))),
  };
}

/** The answer to each analysis in a line: what it costs or would save, else what each of its rows says. */
export function analysisAnswers(data: ReportData): string[] {
  if (data.triage.topics.length === 0) return [];
  return askedAnalyses(data).map((analysis) =>
    analysis.tool === 'search_prices'
      ? priceAnswer(data)
      : [`**${analysis.title}:**`, inALine(data, analysis), ...termsOf(data, analysis)].join(' '),
  );
}

const UNIT_PRICES = [
  ['input_fact', 'input'],
  ['cache_read_fact', 'cached input'],
  ['output_fact', 'output'],
] as const;

/** "gpt-4o, list price: $2.50 per 1M input tokens, …": what the models that were asked about cost; cheaper ones stand in the table. */
function priceAnswer(data: ReportData): string {
  const asked = rowsOf(data, 'search_prices').filter((row) => row['asked'] === true);
  const report = data.facts.report('search_prices');
  const [unknown = 'The price list has no such model.'] = report?.caveats ?? [];
  if (asked.length === 0) return `**Price:** ${plainSentence(unknown)}`;
  return [
    ...asked.map((row) => `**${nameOf(row)}, ${origin(row)} price:** ${unitPrices(row)}.`),
    ...(Number(report?.coverage.ratio) < 1 ? [plainSentence(unknown)] : []),
  ].join('\n\n');
}

const origin = (row: Row): string => (row['negotiated'] === true ? 'negotiated' : 'list');

const unitPrices = (row: Row): string =>
  listed(
    UNIT_PRICES.flatMap(([fact, tokens]) => {
      const price = citationIn(row, fact);
      return price === undefined ? [] : [`${price} per 1M ${tokens} tokens`];
    }),
  );

/** A model may have called more than was asked for. */
const askedAnalyses = ({ triage, facts }: ReportData): readonly Analysis[] =>
  ANALYSES.filter(
    ({ tool }) => facts.report(tool) !== undefined && triage.topics.some((topic) => TOPIC_TOOLS[topic] === tool),
  );

const ROWS_IN_A_LINE = 3;

function inALine(data: ReportData, analysis: Analysis): string {
  const { tool, columns, total } = analysis;
  const rows = rowsOf(data, tool);
  const [low, high] = [citation(data, tool, 'saving_low'), citation(data, tool, 'saving_high')];
  const [firstCaveat] = data.facts.report(tool)?.caveats ?? [];
  if (rows.length === 0) return plainSentence(firstCaveat ?? 'Nothing was found.');
  const cost = total === undefined ? undefined : citation(data, tool, total.cost);
  const share = total === undefined ? undefined : citation(data, tool, total.share);
  const saving =
    low === undefined || high === undefined ? undefined : `could save ${low} to ${high} on the spend in this data`;
  if (cost !== undefined)
    return `${cost}${share === undefined ? '' : `, ${share} of spend`}${saving === undefined ? '' : `; avoiding them ${saving}`}.`;
  if (saving !== undefined) return `${saving}, by itself.`;
  const best = inOrder(
    data,
    rows.filter((row) => row['outdone'] !== true),
  );
  const lines = best.slice(0, ROWS_IN_A_LINE).map((row) => {
    const [least, most] = [citationIn(row, 'low_fact'), citationIn(row, 'high_fact')];
    if (least !== undefined && most !== undefined) return `${nameOf(row)}: could save ${least} to ${most}`;
    const cells = columns.flatMap(([heading, fact]) => {
      const value = citationIn(row, fact);
      return value === undefined ? [] : [`${heading.charAt(0).toLowerCase()}${heading.slice(1)} ${value}`];
    });
    return `${nameOf(row)}: ${cells.join(', ')}`;
  });
  return `${lines.join('; ')}.`;
}

/** Models stand dearest first, which is the wrong end for who asks for the cheapest. */
const inOrder = ({ question }: ReportData, rows: readonly Row[]): readonly Row[] =>
  /\bcheapest\b/i.test(question) ? [...rows].reverse() : rows;

function analysisText(data: ReportData, analysis: Analysis): (string | undefined)[] {
  const { tool, columns } = analysis;
  const rows = rowsOf(data, tool);
  const [low, high] = [citation(data, tool, 'saving_low'), citation(data, tool, 'saving_high')];
  const present = columns.filter(([, fact]) => rows.some((row) => citationIn(row, fact) !== undefined));
  return [
    totalText(data, analysis),
    low === undefined || high === undefined || rows.length === 0
      ? undefined
      : `What could be saved, by itself: ${low} to ${high}, on the spend in this data.`,
    termsOf(data, analysis).join(' '),
    rows.length === 0 ? undefined : table(rows, present),
    (data.facts.report(tool)?.caveats ?? []).map(plainSentence).join(' '),
  ];
}

/** How sure the saving is, what it covers and takes; nothing where nothing was found, or what is asked about is no saving. */
function termsOf(data: ReportData, { tool, saving }: Analysis): string[] {
  if (saving === undefined || rowsOf(data, tool).length === 0) return [];
  const { effort, verify } = SAVING_WORDS[saving];
  const confidence = confidenceOf(saving, hasWidth(data, tool));
  return [savingTerms({ confidence, effort, verify, coverage: citation(data, tool, 'coverage') })];
}

function hasWidth({ facts }: ReportData, tool: string): boolean {
  const [low, high] = [facts.fact(tool, 'saving_low'), facts.fact(tool, 'saving_high')];
  if (low !== undefined) return low.value !== high?.value;
  const value = (row: Row, key: string): string | undefined => facts.facts.get(textOf(row, key) ?? '')?.value;
  return (facts.report(tool)?.rows ?? []).some((row) => value(row, 'low_fact') !== value(row, 'high_fact'));
}

function totalText(data: ReportData, { tool, total }: Analysis): string | undefined {
  const cost = total === undefined ? undefined : citation(data, tool, total.cost);
  if (total === undefined || cost === undefined || rowsOf(data, tool).length === 0) return undefined;
  const share = citation(data, tool, total.share);
  return `Together they cost ${cost}${share === undefined ? '' : `, ${share} of spend`}.`;
}

/** Caveats are sentences of the tools; one may name a model. */
const plainSentence = (caveat: string): string => plainText(caveat);

const table = (rows: readonly Row[], columns: readonly (readonly [string, string])[]): string =>
  [
    `| ${['What', ...columns.map(([heading]) => heading)].join(' | ')} |`,
    `| --- |${columns.map(() => ' ---: |').join('')}`,
    ...rows.map((row) => `| ${[nameOf(row), ...columns.map(([, fact]) => citationIn(row, fact) ?? '')].join(' | ')} |`),
  ].join('\n');

/** "chat on gpt-4o", "gpt-4o, then gpt-4o-mini", a discount. */
function nameOf(row: Row): string {
  const name = (key: string): string | undefined => {
    const text = textOf(row, key);
    return text === undefined ? undefined : plainText(text);
  };
  const [model, feature, from, to] = [name('model'), name('feature'), name('from_model'), name('to_model')];
  if (from !== undefined && to !== undefined) return `${to} before ${from}`;
  if (model === undefined) return `A discount of ${citationIn(row, 'discount_fact') ?? ''}`;
  const outdone = row['outdone'] === true ? ' (beaten by another)' : '';
  const provider = name('of_provider');
  return `${feature === undefined ? model : `${feature} on ${model}`}${provider === undefined ? '' : ` of ${provider}`}${outdone}`;
}
