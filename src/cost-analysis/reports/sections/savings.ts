import { cite } from '../grounding.js';
import { plainText } from '../plain-text.js';
import { citation, citationIn, paragraphs, rowsOf, textOf, type ReportData, type Section } from '../report-data.js';
import type { Opportunity } from '../../agents/findings.js';

const DAY_MS = 86_400_000;
/** Days with usage, of those from the first to the last: working days are more. */
const STEADY_SHARE_MIN = 0.5;

const CONFIDENCE = {
  measured: 'measured (on the data itself)',
  derived: 'derived (computed from the data, if what is cut was not needed)',
  assumption: 'assumption (about what can be moved, kept or put off; it needs a test)',
} as const satisfies Record<Opportunity['confidence'], string>;

/** Each saving by itself and beside the others, and what they come to together. */
export function savings(data: ReportData): Section | undefined {
  const combined = data.facts.report('combine_savings') !== undefined;
  const others = alternatives(data);
  if (data.triage.sufficiency !== 'sufficient' || (!combined && others === undefined)) return undefined;
  if (!combined) return { key: 'savings', title: 'On other models', body: paragraphs(others) };
  if (data.opportunities.length === 0)
    return {
      key: 'savings',
      title: 'Savings',
      body: paragraphs('No saving was found that is large enough to be worth the work.', others),
    };
  return {
    key: 'savings',
    title: 'Savings',
    body: paragraphs(
      together(data),
      table(data.opportunities),
      data.opportunities.map((one) => line(one)).join('\n'),
      'By itself: if it were the only one. Beside the others: on what is left when the ones before it are done, in the order retries, repeated prompts, retired models, long inputs, long answers, cheaper models, caching, batches. All on the spend in this data.',
      others,
    ),
  };
}

/** Gross, net and overlap: the only sums of savings that are shown. */
function together(data: ReportData): string | undefined {
  const cited = (path: string): string | undefined => citation(data, 'combine_savings', path);
  const range = (path: string): string | undefined => {
    const [low, high] = [cited(`${path}_low`), cited(`${path}_high`)];
    return low === undefined || high === undefined ? undefined : `${low} to ${high}`;
  };
  const [gross, net, overlap] = [range('gross'), range('net'), range('overlap')];
  if (gross === undefined || net === undefined || overlap === undefined) return undefined;
  const [low, high] = [cited('net_low_share'), cited('net_high_share')];
  const share = low === undefined || high === undefined ? '' : `, ${low} to ${high} of spend`;
  const [month, year] = [range('net_month'), range('net_year')];
  return paragraphs(
    `**Together: ${net}**${share}. Added up, the savings would come to ${gross}, but they overlap by ${overlap}.`,
    month === undefined || year === undefined || !isSteady(data)
      ? undefined
      : `At this rate that is ${month} a month, or ${year} a year, as long as usage stays as it was.`,
  );
}

/** Sources that lie far apart have no common rate, even where the time between them is not counted: nobody knows that the older one goes on. */
function isSteady({ facts }: ReportData): boolean {
  const value = (path: string): string => facts.fact('data_quality', path)?.value ?? '';
  const spanDays = (Date.parse(value('last_day')) - Date.parse(value('first_day'))) / DAY_MS + 1;
  return Number(value('days')) >= STEADY_SHARE_MIN * spanDays;
}

const table = (opportunities: readonly Opportunity[]): string =>
  [
    '| Saving | By itself | Beside the others |',
    '| --- | ---: | ---: |',
    ...opportunities.map(
      (one) =>
        `| ${one.title} | ${cite(one.low_fact)} to ${cite(one.high_fact)} | ${cite(one.net_low_fact)} to ${cite(one.net_high_fact)} |`,
    ),
  ].join('\n');

const line = (one: Opportunity): string =>
  `- **${one.title}.** Confidence: ${CONFIDENCE[one.confidence]}. Effort: ${one.effort}.` +
  `${one.coverage_fact === null ? '' : ` It covers ${cite(one.coverage_fact)} of spend.`} To verify: ${one.verify}.`;

/** All simulated models, also those not suggested: the choice is the reader's. */
function alternatives(data: ReportData): string | undefined {
  const rows = rowsOf(data, 'simulate_model_substitution');
  if (rows.length < (data.triage.entities.to_model === undefined ? 2 : 1)) return undefined;
  const lines = rows.map(
    (row) =>
      `| ${plainText(textOf(row, 'from_model') ?? '')} | ${plainText(textOf(row, 'to_model') ?? '')} | ${citationIn(row, 'now_fact') ?? ''} | ${citationIn(row, 'then_fact') ?? ''} |`,
  );
  return [
    'The same tokens on other models, if all of the traffic moved, which is never assumed for a saving:',
    '',
    '| In use | Instead | Cost now | Cost then |',
    '| --- | --- | ---: | ---: |',
    ...lines,
  ].join('\n');
}
