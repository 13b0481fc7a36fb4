import { plainText } from '../plain-text.js';
import { citationIn, paragraphs, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';

type Row = ReturnType<typeof rowsOf>[number];

/** What a request and a million tokens cost on average, of everything that the question is limited to. */
export function unitAnswer(data: ReportData): string[] {
  const whole = rowsOf(data, 'unit_costs').find(({ kind }) => kind === 'whole');
  if (whole === undefined) return [];
  const cited = (key: string): string | undefined => citationIn(whole, key);
  const [request, requests] = [cited('per_request_fact'), cited('requests_fact')];
  const [million, thousand] = [cited('per_million_fact'), cited('per_thousand_fact')];
  const [input, output, cached] = [cited('input_tokens_fact'), cited('output_tokens_fact'), cited('cached_share_fact')];
  const [each, answer] = [cited('input_per_request_fact'), cited('output_per_request_fact')];
  const lines = {
    request:
      requests === undefined
        ? '**Per request:** cannot be told, because no record says how many requests it stands for.'
        : request === undefined
          ? `**Per request:** not priced, over ${requests} requests.`
          : `**Per request:** ${request} on average, over ${requests} requests.`,
    tokens: `**Tokens:** ${input ?? ''} in and ${output ?? ''} out${cached === undefined ? '' : `; ${cached} of the input came from a cache`}.`,
    price:
      million === undefined || thousand === undefined
        ? undefined
        : `**Per million tokens:** ${million}, input and output together; ${thousand} per thousand.`,
    length:
      each === undefined || answer === undefined
        ? undefined
        : `**A request on average:** ${each} tokens in and ${answer} out.`,
  };
  const order = ORDERS.find(([words]) => words.test(data.question))?.[1] ?? USUAL_ORDER;
  return [...order.flatMap((key) => lines[key] ?? []), ...notKnown(data.question)];
}

const USUAL_ORDER = ['request', 'price', 'tokens', 'length'] as const;

/** What is asked for comes first. */
const ORDERS: readonly (readonly [RegExp, readonly (typeof USUAL_ORDER)[number][]])[] = [
  [
    /\b(hit rate|cache hits?|sav\w+|how many\b.*\btokens|amount of tokens)\b/i,
    ['tokens', 'price', 'length', 'request'],
  ],
  [/\b(length|size|average (input|output|prompt|answer))\b/i, ['length', 'request', 'tokens', 'price']],
  [/\bper\b.*\b(tokens?|1k|thousand|million)\b/i, ['price', 'request', 'tokens', 'length']],
];

const notKnown = (question: string): string[] => [
  ...(/\b(share|how much|part|percent\w*)\b.*\b(input|output) tokens\b|\b(input|output)\b.{0,30}\b(compared?|versus|vs|against|than|or|and)\b.{0,15}\b(input|output)\b/i.test(
    question,
  )
    ? ['**Input against output:** cost is not kept apart by input and output, so only their tokens can be compared.']
    : []),
  ...(/\bsav\w+\b/i.test(question)
    ? [
        '**Saved by the cache:** tokens from a cache are priced at the rate of the cache, so what they saved is in the spend already; it is not computed by itself.',
      ]
    : []),
];

/** The same for each model, or whatever the question tells apart. */
export function units(data: ReportData): Section | undefined {
  const groups = rowsOf(data, 'unit_costs').filter(({ kind }) => kind === 'group');
  if (groups.length < 2) return undefined;
  const lines = groups.map(
    (row) => `| ${nameOf(row)} | ${COLUMNS.map(([, fact]) => citationIn(row, fact) ?? '–').join(' | ')} |`,
  );
  return {
    key: 'units',
    title: 'Cost of a request and of tokens',
    body: paragraphs(
      [
        `| What | ${COLUMNS.map(([heading]) => heading).join(' | ')} |`,
        `| --- |${COLUMNS.map(() => ' ---: |').join('')}`,
        ...lines,
      ].join('\n'),
      ...(data.facts.report('unit_costs')?.caveats ?? []),
    ),
  };
}

const COLUMNS = [
  ['Requests', 'requests_fact'],
  ['A request', 'per_request_fact'],
  ['A million tokens', 'per_million_fact'],
  ['Input from a cache', 'cached_share_fact'],
] as const;

const nameOf = (row: Row): string => plainText(textOf(row, 'name') ?? '(untagged)');
